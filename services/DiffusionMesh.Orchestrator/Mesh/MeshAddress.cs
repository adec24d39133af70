namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>Addresses of other services: <c>http://host:port</c>, <c>https://host:port</c> or <c>dns:///host:port</c>.</summary>
internal static class MeshAddress
{
    public const string Dns = "dns";

    /// <summary>How an address has to look, for users.</summary>
    public const string Rule = "must be an address such as http://127.0.0.1:5102 or dns:///my-verifier:8080";

    public static bool IsValid(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Dns ? uri.AbsolutePath.Trim('/').Length > 0 : uri.Scheme is "http" or "https" && uri.Host.Length > 0);
}
