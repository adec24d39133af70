using DiffusionMesh.Cli.Mesh;

namespace DiffusionMesh.Cli.Tests.Mesh;

public sealed class ProxyBypassTests
{
    [Fact]
    public void Apply_WithoutAList_NamesThisMachine()
    {
        var environment = new Dictionary<string, string?>();

        ProxyBypass.Apply(environment);

        Assert.Equal("127.0.0.1,localhost,::1", environment["NO_PROXY"]);
    }

    [Fact]
    public void Apply_ToAList_KeepsIt()
    {
        var environment = new Dictionary<string, string?> { ["no_proxy"] = "mirror.example" };

        ProxyBypass.Apply(environment);

        Assert.Equal("mirror.example,127.0.0.1,localhost,::1", environment["no_proxy"]);
    }
}
