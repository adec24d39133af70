using DiffusionMesh.Orchestrator.Mesh.Balancing;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Transport;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>
/// Opens channels to other services. Calls to a DNS name or to a list go to whichever of the pods would be done first.
/// </summary>
internal sealed class MeshChannels(
    IOptions<ServiceDefaultsOptions> defaults,
    IOptions<MeshOptions> options,
    IOptions<OrchestratorOptions> addresses,
    MeshTransport transport,
    NameLookUp lookUp,
    TimeProvider time,
    ILoggerFactory loggers)
{
    private const int BytesPerMebibyte = 1 << 20;

    // What answers of a verifier that a client names may take beside a state.
    private const int MebibytesOfAnswer = 4;

    /// <summary>A channel of the caller's own.</summary>
    /// <exception cref="InvalidOperationException">It would leave this machine in plaintext unasked.</exception>
    public MeshChannel Open(string address)
    {
        var uri = new Uri(address);
        var isOurs = addresses.Value.IsOurs(address);
        var maxMessageBytes = defaults.Value.MaxMessageMebibytes * BytesPerMebibyte;
        var loads = new PodLoads(time, Random.Shared);
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,

            // A pod that hangs or that the network lost is left after both together.
            KeepAlivePingDelay = TimeSpan.FromSeconds(options.Value.KeepAliveSeconds),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(options.Value.KeepAliveSeconds),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        var channel = new GrpcChannelOptions
        {
            MaxReceiveMessageSize = isOurs ? maxMessageBytes : Math.Min(maxMessageBytes, (addresses.Value.MaxVerifierStateMebibytes + MebibytesOfAnswer) * BytesPerMebibyte),
            MaxSendMessageSize = maxMessageBytes,
            DisposeHttpClient = true,

            // A pod that comes back is used again within seconds.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(500),
            MaxReconnectBackoff = TimeSpan.FromSeconds(5),
            LoggerFactory = loggers,
        };

        // Whoever a client names must not learn the token of this host.
        transport.Secure(uri, handler, channel, withToken: isOurs);
        if (!MeshAddress.IsBalanced(uri))
        {
            return new MeshChannel(GrpcChannel.ForAddress(uri, channel), maxMessageBytes, loads, services: null);
        }

        var services = Balancing(loads);
        channel.ServiceProvider = services;
        channel.ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new LoadBalancingConfig(LeastLoadedBalancer.Name) } };
        return new MeshChannel(GrpcChannel.ForAddress(uri, channel), maxMessageBytes, loads, services);
    }

    private ServiceProvider Balancing(PodLoads loads) => new ServiceCollection()
        .AddSingleton<ResolverFactory>(new PodResolver.Factory(lookUp, TimeSpan.FromSeconds(options.Value.ResolveSeconds)))
        .AddSingleton(MeshAddress.Lists)
        .AddSingleton<LoadBalancerFactory>(new LeastLoadedBalancer.Factory(loads))
        .BuildServiceProvider();
}
