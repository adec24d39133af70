using System.Reflection;

namespace DiffusionMesh.Interop.Tests;

/// <summary>Where the files of this repository are.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The command line program, as it was built with these tests.</summary>
    public static string Dmesh { get; } = Metadata("Dmesh");

    /// <summary>The C# sample, as it was built with these tests.</summary>
    public static string ClientCsharp { get; } = Metadata("ClientCsharp");

    public static string Sample(string path) => Path.Combine(Root, "tests", "samples", path);

    private static string Metadata(string key) => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == key).Value!;
}
