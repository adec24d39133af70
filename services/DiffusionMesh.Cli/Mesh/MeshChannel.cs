using DiffusionMesh.Cli.CommandLine;
using Grpc.Core;
using Grpc.Net.Client;

namespace DiffusionMesh.Cli.Mesh;

/// <summary>Connections to services.</summary>
internal static class MeshChannel
{
    private const int MaxMessageBytes = 64 << 20;

    /// <param name="target">
    /// <c>http://host:port</c>, <c>https://host:port</c>, <c>dns:///host:port</c>, or <c>host:port</c> for the first.
    /// </param>
    /// <param name="option">The option that gave it.</param>
    /// <exception cref="CommandFailure">It is none of these.</exception>
    public static GrpcChannel Open(string target, string option = "--target")
    {
        var address = target.Contains("://", StringComparison.Ordinal) || target.StartsWith("dns:", StringComparison.Ordinal) ? target : $"http://{target}";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "dns") || (uri.Scheme != "dns" && uri.Host.Length == 0))
        {
            throw CommandFailure.BadArgument(option, $"'{target}' is no address; write for example http://127.0.0.1:5100");
        }

        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            UseProxy = !uri.IsLoopback,
        };
        return GrpcChannel.ForAddress(uri, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            Credentials = uri.Scheme == "https" ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
            MaxReceiveMessageSize = MaxMessageBytes,
        });
    }
}
