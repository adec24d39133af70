using System.Collections.Concurrent;
using DiffusionMesh.ServiceDefaults;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>
/// Channels to other services, one for each address, kept while the host runs. Calls to a DNS name take turns over its
/// addresses, which are looked up again now and then, so that new pods are found.
/// </summary>
internal sealed class MeshChannels : IDisposable
{
    private const int BytesPerMebibyte = 1 << 20;

    // Clients may name addresses: what they name must not grow without bound.
    private const int MaxChannels = 256;

    private static readonly TimeSpan DnsRefresh = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Lazy<GrpcChannel>> _channels = new(StringComparer.Ordinal);
    private readonly ServiceProvider _resolvers = new ServiceCollection()
        .AddSingleton<ResolverFactory>(new DnsResolverFactory(DnsRefresh))
        .BuildServiceProvider();

    private readonly int _maxMessageBytes;

    public MeshChannels(IOptions<ServiceDefaultsOptions> options) =>
        _maxMessageBytes = options.Value.MaxMessageMebibytes * BytesPerMebibyte;

    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: clients have named too many addresses.</exception>
    public CallInvoker this[string address]
    {
        get
        {
            if (_channels.Count >= MaxChannels && !_channels.ContainsKey(address))
            {
                throw new RpcException(new Status(StatusCode.ResourceExhausted, $"more than {MaxChannels} addresses are in use"));
            }

            return _channels.GetOrAdd(address, static (to, self) => new Lazy<GrpcChannel>(() => self.Open(to)), this).Value.CreateCallInvoker();
        }
    }

    public void Dispose()
    {
        foreach (var channel in _channels.Values)
        {
            channel.Value.Dispose();
        }

        _resolvers.Dispose();
    }

    private GrpcChannel Open(string address)
    {
        var uri = new Uri(address);
        var options = new GrpcChannelOptions
        {
            MaxReceiveMessageSize = _maxMessageBytes,
            MaxSendMessageSize = _maxMessageBytes,
            DisposeHttpClient = true,
            HttpHandler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
                ConnectTimeout = TimeSpan.FromSeconds(5),
            },
        };
        if (uri.Scheme == MeshAddress.Dns)
        {
            options.ServiceProvider = _resolvers;
            options.Credentials = ChannelCredentials.Insecure;
            options.ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() } };
        }

        return GrpcChannel.ForAddress(uri, options);
    }
}
