using System.Text.Json;

namespace DiffusionMesh.Feed.Tests.Feed;

public sealed class NodeModulesTests
{
    [Fact]
    public void LockFile_NamesNoHost_ToInstallFrom()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Surroundings.RepositoryRoot, "package-lock.json")));
        var packages = file.RootElement.GetProperty("packages").EnumerateObject().ToList();

        Assert.All(packages, package => Assert.False(package.Value.TryGetProperty("resolved", out _), package.Name));
        Assert.All(packages.Skip(1), package => Assert.True(package.Value.TryGetProperty("integrity", out _), package.Name));
    }

    [Fact]
    public void OnnxRuntimePackage_IsPinned_ToOneVersion()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Surroundings.RepositoryRoot, "package.json")));

        Assert.Equal("0.4.9", file.RootElement.GetProperty("dependencies").GetProperty("com.github.asus4.onnxruntime").GetString());
    }
}
