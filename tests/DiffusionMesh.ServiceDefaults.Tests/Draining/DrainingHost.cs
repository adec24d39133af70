using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.ServiceDefaults.Draining;
using DiffusionMesh.ServiceDefaults.Health;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionMesh.ServiceDefaults.Tests.Draining;

/// <summary>A host that drains, with a service whose calls end when the test says.</summary>
internal sealed class DrainingHost : IAsyncDisposable
{
    private readonly GrpcChannel _channel;

    private DrainingHost(WebApplication app, HeldVerifier held)
    {
        (App, Held, _channel) = (app, held, GrpcChannel.ForAddress(app.Urls.Single()));
        (Client, Health) = (new(_channel), new(_channel));
    }

    public WebApplication App { get; }

    public HeldVerifier Held { get; }

    public VerifierService.VerifierServiceClient Client { get; }

    public Grpc.Health.V1.Health.HealthClient Health { get; }

    public static async Task<DrainingHost> StartAsync(int drainSeconds)
    {
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0", $"--DrainSeconds={drainSeconds}"]);
        builder.AddServiceDefaults("test");
        builder.AddDrain();
        builder.Services.AddSingleton<HeldVerifier>();
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapGrpcService<HeldVerifier>();
        await app.StartAsync();
        app.Services.GetRequiredService<ServiceHealth>().Set(ServiceHealth.Server, true);
        return new(app, app.Services.GetRequiredService<HeldVerifier>());
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await App.DisposeAsync();
    }

    internal sealed class HeldVerifier(Drain drain) : VerifierService.VerifierServiceBase
    {
        /// <summary>A call has begun.</summary>
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Lets it end.</summary>
        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) => Task.FromResult(new DescribeResponse());

        public override async Task<ScoreResponse> Score(ScoreRequest request, ServerCallContext context)
        {
            Begun.TrySetResult();
            await Released.Task.WaitAsync(drain.Over);
            return new ScoreResponse { ComputeClass = "done" };
        }
    }
}
