using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Transport;
using Grpc.Net.Client;

namespace DiffusionMesh.Cli.Mesh;

/// <summary>Connections to services.</summary>
internal static class MeshChannel
{
    private const int MaxMessageBytes = 64 << 20;

    /// <summary>How this command reaches services; set before it runs.</summary>
    public static MeshTransport Transport { get; set; } = new(new TransportSettings { PlaintextRemedy = ConnectionOptions.PlaintextRemedy });

    /// <param name="target">
    /// <c>http://host:port</c>, <c>https://host:port</c>, <c>dns:///host:port</c>, or <c>host:port</c> for the first.
    /// </param>
    /// <param name="option">The option that gave it.</param>
    /// <param name="withToken">Whether the service may see the user's token.</param>
    /// <exception cref="CommandFailure">It is none of these, or calls to it would leave this machine in plaintext.</exception>
    public static GrpcChannel Open(string target, string option = "--target", bool withToken = true)
    {
        var address = target.Contains("://", StringComparison.Ordinal) || target.StartsWith("dns:", StringComparison.Ordinal) ? target : $"http://{target}";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "dns") || (uri.Scheme != "dns" && uri.Host.Length == 0))
        {
            throw CommandFailure.BadArgument(option, $"'{target}' is no address; write for example http://127.0.0.1:5100");
        }

        if (Transport.Refusal(uri) is { } refusal)
        {
            throw CommandFailure.BadArgument(option, refusal);
        }

        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            UseProxy = !uri.IsLoopback,
        };
        var options = new GrpcChannelOptions { DisposeHttpClient = true, MaxReceiveMessageSize = MaxMessageBytes };
        Transport.Secure(uri, handler, options, withToken);
        return GrpcChannel.ForAddress(uri, options);
    }
}
