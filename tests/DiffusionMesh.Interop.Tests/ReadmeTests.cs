namespace DiffusionMesh.Interop.Tests;

/// <summary>The clients that the README shows are those that the tests run.</summary>
public sealed class ReadmeTests
{
    [Theory]
    [InlineData("csharp", "client-csharp/Program.cs")]
    [InlineData("python", "client-python/search.py")]
    [InlineData("javascript", "client-node/search.mjs")]
    public void Readme_Client_IsCutFromTheSample(string language, string sample)
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var fence = $"```{language}\n";
        var start = readme.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        var block = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];

        Assert.True(block.Split('\n').Length > 10, $"the README shows no client in {language}");
        Assert.Contains(block, File.ReadAllText(Repository.Sample(sample)), StringComparison.Ordinal);
    }
}
