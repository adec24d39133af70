using System.Reflection;

namespace DiffusionMesh.Cluster.Tests;

/// <summary>Where the files of this repository are.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The hosts: those that HOSTS names, else as they were built with these tests.</summary>
    public static string Hosts { get; } = Environment.GetEnvironmentVariable("HOSTS") ?? Path.Combine(Path.GetDirectoryName(Metadata("Dmesh"))!, "hosts");

    public static string Script(string name) => Path.Combine(Root, "tests", "cluster", name);

    private static string Metadata(string key) => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == key).Value!;
}
