using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Denoiser;
using DiffusionMesh.Inference.Models;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace DiffusionMesh.Benchmarks.Hosts;

/// <summary>The denoiser on a loopback port of this process, so that its networks can be observed.</summary>
internal sealed class DenoiserInProcess : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private DenoiserInProcess(WebApplication app)
    {
        (_app, Address) = (app, app.Urls.Single());
        _channel = GrpcChannel.ForAddress(Address);
        Client = new DenoiserService.DenoiserServiceClient(_channel);
    }

    public string Address { get; }

    public DenoiserService.DenoiserServiceClient Client { get; }

    /// <param name="network">Takes the place of each model's network.</param>
    public static async Task<DenoiserInProcess> StartAsync(Func<IDenoiserNetwork, IDenoiserNetwork> network, CancellationToken cancellationToken)
    {
        var app = DenoiserHost.Build(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"], network);
        await app.StartAsync(cancellationToken);
        var host = new DenoiserInProcess(app);
        using var watch = new Health.HealthClient(host._channel).Watch(new HealthCheckRequest(), cancellationToken: cancellationToken);
        await foreach (var health in watch.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (health.Status == ServingStatus.Serving)
            {
                return host;
            }
        }

        throw new InvalidOperationException("the denoiser ended before it was ready");
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
