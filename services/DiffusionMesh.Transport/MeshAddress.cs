using System.Net;
using Grpc.Net.Client.Balancer;

namespace DiffusionMesh.Transport;

/// <summary>
/// Addresses of services: <c>http://host:port</c>, <c>https://host:port</c>, <c>dns:///host:port</c> for every pod
/// behind a DNS name, or <c>static:///host:port,host:port</c> for a list of them.
/// </summary>
public static class MeshAddress
{
    public const string Dns = "dns";

    public const string List = "static";

    /// <summary>How an address has to look, for users.</summary>
    public const string Rule =
        "must be an address such as http://127.0.0.1:5102, dns:///my-verifier:8080 or static:///10.0.0.1:8080,10.0.0.2:8080";

    private const int HttpPort = 80;

    // The key under which grpc-dotnet's own resolver keeps the name.
    private static readonly BalancerAttributesKey<string> HostOverride = new("HostOverride");

    /// <summary>Finds the pods of a list.</summary>
    public static ResolverFactory Lists { get; } = new StaticResolverFactory(uri => Pods(uri).Select(pod => Balanced(pod.Host, pod.Host, pod.Port)));

    public static bool IsValid(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri.Scheme switch
        {
            Dns => Pods(uri) is [({ Length: > 0 }, _)],
            List => Pods(uri) is { Count: > 0 } pods && pods.All(pod => pod.Host.Length > 0),
            "http" or "https" => uri.Host.Length > 0,
            _ => false,
        };

    /// <summary>What all spellings of a valid address have in common: its scheme, and host and port of each pod.</summary>
    public static string Normal(string address)
    {
        var uri = new Uri(address);
        var places = IsBalanced(uri) ? Pods(uri) : [(uri.IdnHost, uri.Port)];
        return $"{uri.Scheme}:{string.Join(',', places.Select(place => $"{place.Host.ToLowerInvariant()}:{place.Port}"))}";
    }

    /// <summary>Whether every host that it names is this machine, so that nothing leaves it.</summary>
    public static bool IsLoopback(Uri address) => IsBalanced(address)
        ? Pods(address) is { Count: > 0 } pods && pods.All(pod => IsLoopback(pod.Host))
        : address.IsLoopback;

    /// <summary>Whether it may name several pods.</summary>
    public static bool IsBalanced(Uri address) => address.Scheme is Dns or List;

    /// <summary>Hosts and ports of an address that is balanced; without a host where one is malformed.</summary>
    public static IReadOnlyList<(string Host, int Port)> Pods(Uri address) =>
        [.. Uri.UnescapeDataString(address.AbsolutePath).Trim('/').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Pod)];

    /// <summary>A pod at an address, called by the name that its certificate has to show.</summary>
    public static BalancerAddress Balanced(string name, string address, int port)
    {
        var balanced = new BalancerAddress(address, port);
        balanced.Attributes.Set(HostOverride, $"{name}:{port}");
        return balanced;
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));

    private static (string Host, int Port) Pod(string text) =>
        Uri.TryCreate($"http://{text}", UriKind.Absolute, out var uri) && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0
            ? (uri.IdnHost, uri.IsDefaultPort ? HttpPort : uri.Port)
            : ("", 0);
}
