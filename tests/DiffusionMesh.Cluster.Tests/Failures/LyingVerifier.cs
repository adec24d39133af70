using System.Net;
using DiffusionMesh.Contracts.VerifierV1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionMesh.Cluster.Tests.Failures;

/// <summary>Stands before a real verifier, on loopback, and changes what it answers, once it is told to.</summary>
internal sealed class LyingVerifier : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private readonly Service _service;

    private LyingVerifier(WebApplication app, GrpcChannel channel, Service service) => (_app, _channel, _service) = (app, channel, service);

    public string Address => _app.Urls.Single();

    /// <param name="verifier">Address of the real one.</param>
    public static async Task<LyingVerifier> StartAsync(string verifier, string lie)
    {
        var channel = GrpcChannel.ForAddress(verifier);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        var service = new Service(new VerifierService.VerifierServiceClient(channel), lie);
        builder.Services.AddSingleton(service);
        var app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync();
        return new(app, channel, service);
    }

    /// <summary>Lies to the next search, but for the check at its creation.</summary>
    public void Begin() => _service.Begin();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _channel.Dispose();
    }

    private sealed class Service(VerifierService.VerifierServiceClient verifier, string lie) : VerifierService.VerifierServiceBase
    {
        private int _honestCalls = int.MaxValue;

        public void Begin() => _honestCalls = 1;

        public override async Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) =>
            await verifier.DescribeAsync(request, cancellationToken: context.CancellationToken);

        public override async Task<ScoreResponse> Score(ScoreRequest request, ServerCallContext context)
        {
            var response = await verifier.ScoreAsync(request, cancellationToken: context.CancellationToken);
            if (Interlocked.Decrement(ref _honestCalls) >= 0)
            {
                return response;
            }

            switch (lie)
            {
                case "NaN":
                    response.Scores[0].Value = double.NaN;
                    break;

                case "range":
                    response.Scores[0].Value = 1e9;
                    break;

                case "count":
                    response.Scores.Clear();
                    break;

                case "slow":
                    await Task.Delay(TimeSpan.FromSeconds(1), context.CancellationToken);
                    break;

                case "hung":
                    await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
                    break;

                default:
                    throw new RpcException(new Status(StatusCode.Unavailable, "gone"));
            }

            return response;
        }
    }
}
