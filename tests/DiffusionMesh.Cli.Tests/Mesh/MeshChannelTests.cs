using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;

namespace DiffusionMesh.Cli.Tests.Mesh;

[Collection(nameof(MeshChannel))]
public sealed class MeshChannelTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5100")]
    [InlineData("https://mesh.example:443")]
    [InlineData("127.0.0.1:5100")]
    [InlineData("localhost:5100")]
    [InlineData("dns:///localhost:8080")]
    [InlineData("static:///localhost:8080,127.0.0.1:8081")]
    public void Open_AnAddress_MakesAChannel(string target)
    {
        using var channel = MeshChannel.Open(target);

        Assert.NotNull(channel);
    }

    [Theory]
    [InlineData("http://orchestrator:8080")]
    [InlineData("dns:///orchestrator:8080")]
    [InlineData("static:///localhost:8080,orchestrator:8080")]
    public void Open_AnotherMachineInPlaintext_IsRefusedWithARemedy(string target)
    {
        var failure = Assert.Throws<CommandFailure>(() => MeshChannel.Open(target));

        Assert.Contains("--allow-plaintext", Assert.Single(failure.Violations).Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ftp://here")]
    [InlineData("http://")]
    [InlineData("not an address")]
    [InlineData("dns:localhost:8080")]
    [InlineData("static:///")]
    public void Open_NoAddress_IsABadArgument(string target)
    {
        var failure = Assert.Throws<CommandFailure>(() => MeshChannel.Open(target));

        Assert.Equal(ExitCode.BadArguments, failure.ExitCode);
    }
}
