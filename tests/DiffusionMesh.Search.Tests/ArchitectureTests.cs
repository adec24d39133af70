namespace DiffusionMesh.Search.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void Search_Assembly_KnowsNoTransportAndNoHost()
    {
        var foreign = typeof(SearchSpec).Assembly.GetReferencedAssemblies()
            .Select(assembly => assembly.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal));

        Assert.Equal(["DiffusionMesh.Diffusion"], foreign);
    }
}
