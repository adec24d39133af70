using System.Reflection;

namespace DiffusionMesh.Feed.Tests.Feed;

/// <summary>Where this build found its sources and packages.</summary>
internal static class Surroundings
{
    public static string RepositoryRoot => Recorded(nameof(RepositoryRoot));

    public static string NuGetPackageRoot => Recorded(nameof(NuGetPackageRoot));

    public static string FeedDirectory => Path.Combine(RepositoryRoot, "eng", "feed");

    /// <summary>Ids that have a stand-in.</summary>
    public static IEnumerable<string> StandIns => Directory.EnumerateFiles(FeedDirectory, "*.csproj", SearchOption.AllDirectories)
        .Select(path => Path.GetFileNameWithoutExtension(path));

    /// <summary>Projects of this repository that are not stand-ins, relative to its root.</summary>
    public static IEnumerable<string> Projects => new[] { "services", "tests" }
        .Select(folder => Path.Combine(RepositoryRoot, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(RepositoryRoot, path))
        .Order(StringComparer.Ordinal);

    private static string Recorded(string key) => typeof(Surroundings).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
