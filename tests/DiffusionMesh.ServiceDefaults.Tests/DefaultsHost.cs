using DiffusionMesh.Contracts.VerifierV1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace DiffusionMesh.ServiceDefaults.Tests;

/// <summary>A host with nothing but the defaults and a service that fails as it is told to.</summary>
internal sealed class DefaultsHost : IAsyncDisposable
{
    private DefaultsHost(WebApplication app, GrpcChannel channel) => (App, Channel) = (app, channel);

    public WebApplication App { get; }

    public GrpcChannel Channel { get; }

    public int Port => new Uri(App.Urls.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal)).Port;

    public static Task<DefaultsHost> StartAsync(params string[] args) => StartAsync(_ => { }, args);

    /// <param name="map">Maps further services.</param>
    /// <param name="args">Configuration.</param>
    public static Task<DefaultsHost> StartAsync(Action<WebApplication> map, params string[] args) => StartAsync(map, log: null, args);

    /// <param name="map">Maps further services.</param>
    /// <param name="log">Gets what it logs.</param>
    /// <param name="args">Configuration.</param>
    public static async Task<DefaultsHost> StartAsync(Action<WebApplication> map, ILoggerProvider? log, params string[] args)
    {
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0", .. args]);
        builder.AddServiceDefaults("test");
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapGrpcService<FailingVerifier>();
        map(app);
        await app.StartAsync();
        return new(app, GrpcChannel.ForAddress(app.Urls.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await App.DisposeAsync();
    }

    internal sealed class FailingVerifier : VerifierService.VerifierServiceBase
    {
        public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) =>
            throw new InvalidOperationException("a secret of the server");

        public override async Task<ScoreResponse> Score(ScoreRequest request, ServerCallContext context)
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new ScoreResponse();
        }
    }
}
