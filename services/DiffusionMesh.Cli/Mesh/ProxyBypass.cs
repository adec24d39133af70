namespace DiffusionMesh.Cli.Mesh;

/// <summary>Keeps calls between processes of one machine away from a proxy that the environment names.</summary>
internal static class ProxyBypass
{
    private const string Loopback = "127.0.0.1,localhost,::1";

    public static void Apply(IDictionary<string, string?> environment)
    {
        foreach (var name in (ReadOnlySpan<string>)["NO_PROXY", "no_proxy"])
        {
            environment.TryGetValue(name, out var hosts);
            environment[name] = string.IsNullOrEmpty(hosts) ? Loopback : $"{hosts},{Loopback}";
        }
    }
}
