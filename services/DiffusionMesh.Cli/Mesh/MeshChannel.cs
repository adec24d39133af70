using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Transport;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionMesh.Cli.Mesh;

/// <summary>Connections to services.</summary>
internal static class MeshChannel
{
    private const int MaxMessageBytes = 64 << 20;

    // Calls that may be sent again when nobody has answered: at the next orchestrator, where there are several. Those that
    // begin something carry a request id.
    private static readonly string[] Repeatable =
    [
        nameof(SearchService.SearchServiceClient.GetSearch),
        nameof(SearchService.SearchServiceClient.GetSearchImage),
        nameof(SearchService.SearchServiceClient.CreateSearch),
        nameof(SearchService.SearchServiceClient.ReplaySearch),
        nameof(SearchService.SearchServiceClient.CancelSearch),
    ];

    private static readonly ServiceProvider Resolvers = new ServiceCollection().AddSingleton(MeshAddress.Lists).BuildServiceProvider();

    /// <summary>How this command reaches services; set before it runs.</summary>
    public static MeshTransport Transport { get; set; } = new(new TransportSettings { Words = ConnectionOptions.Words });

    /// <param name="target">
    /// <c>http://host:port</c>, <c>https://host:port</c>, <c>dns:///host:port</c>, <c>static:///host:port,host:port</c>, or
    /// <c>host:port</c> for the first. Of several hosts one is called until it is lost, then the next.
    /// </param>
    /// <param name="option">The option that gave it.</param>
    /// <param name="withToken">Whether the service may see the user's token.</param>
    /// <exception cref="CommandFailure">It is none of these, or calls to it would leave this machine in plaintext.</exception>
    public static GrpcChannel Open(string target, string option = "--target", bool withToken = true)
    {
        var address = target.Contains(":/", StringComparison.Ordinal) ? target : $"http://{target}";
        if (!MeshAddress.IsValid(address))
        {
            throw CommandFailure.BadArgument(option, $"is '{target}'; it {MeshAddress.Rule}");
        }

        var uri = new Uri(address);
        if (Transport.Refusal(uri) is { } refusal)
        {
            throw CommandFailure.BadArgument(option, refusal);
        }

        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            UseProxy = !uri.IsLoopback,
        };
        var options = new GrpcChannelOptions
        {
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxMessageBytes,
            MaxReconnectBackoff = TimeSpan.FromSeconds(2),
            ServiceProvider = Resolvers,
            ServiceConfig = new ServiceConfig { MethodConfigs = { SentAgain() } },
        };
        Transport.Secure(uri, handler, options, withToken);
        return GrpcChannel.ForAddress(uri, options);
    }

    private static MethodConfig SentAgain()
    {
        var config = new MethodConfig
        {
            RetryPolicy = new RetryPolicy
            {
                MaxAttempts = 5,
                InitialBackoff = TimeSpan.FromSeconds(1),
                MaxBackoff = TimeSpan.FromSeconds(4),
                BackoffMultiplier = 2,
                RetryableStatusCodes = { StatusCode.Unavailable },
            },
        };
        foreach (var method in Repeatable)
        {
            config.Names.Add(new MethodName { Service = SearchService.Descriptor.FullName, Method = method });
        }

        return config;
    }
}
