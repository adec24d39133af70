using System.Net;

namespace DiffusionMesh.Transport;

/// <summary>What the form of an address says about the way to it.</summary>
internal static class MeshAuthority
{
    /// <summary>Whether every host that it names is this machine, so that nothing leaves it.</summary>
    public static bool IsLoopback(Uri address) => address.Scheme is "http" or "https"
        ? address.IsLoopback
        : Hosts(address).All(IsLoopback);

    private static IEnumerable<string> Hosts(Uri address) =>
        Uri.UnescapeDataString(address.AbsolutePath).Trim('/').Split(',').Select(endpoint => endpoint.LastIndexOf(':') is var colon and >= 0 ? endpoint[..colon] : endpoint);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
