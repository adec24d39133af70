using DiffusionMesh.Contracts.SearchV1;
using Grpc.Net.Client;

namespace DiffusionMesh.Cluster.Tests.Cluster;

/// <summary>An orchestrator of the cluster, as a client there reaches it.</summary>
internal sealed class Orchestrator : IDisposable
{
    private readonly GrpcChannel _channel;

    public Orchestrator(RunningCluster cluster, string name)
    {
        Pod = cluster[name];
        _channel = GrpcChannel.ForAddress($"http://{Pod.Address}:8080", new GrpcChannelOptions
        {
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
            HttpHandler = new SocketsHttpHandler
            {
                ConnectCallback = cluster.Namespace("client").ConnectAsync,
                ConnectTimeout = TimeSpan.FromSeconds(2),
                // One that hangs is as good as gone.
                KeepAlivePingDelay = TimeSpan.FromSeconds(2),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(2),
            },
        });
        Client = new SearchService.SearchServiceClient(_channel);
    }

    public Pod Pod { get; }

    public SearchService.SearchServiceClient Client { get; }

    public void Dispose() => _channel.Dispose();
}
