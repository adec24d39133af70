using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Cli.Tests.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Transport;
using Grpc.Core;

namespace DiffusionMesh.Cli.Tests.CommandLine;

/// <summary>What a user reads whose token is missing or not enough.</summary>
[Collection(nameof(MeshChannel))]
public sealed class TokenWordsTests : IDisposable
{
    private readonly MeshTransport _before = MeshChannel.Transport;

    [Theory]
    [InlineData("", "the server asks for a token with the scope search")]
    [InlineData("another", "the server does not know the token")]
    [InlineData("scorer", "the token does not have the scope search")]
    public async Task Call_WithoutARightToken_NamesTheOptionThatGivesOne(string token, string says)
    {
        await using var host = await TlsServer.StartAsync($"--Security:Tokens:0:Sha256={NewToken.HashOf("scorer")}", "--Security:Tokens:0:Scopes:0=score");
        MeshChannel.Transport = new MeshTransport(new TransportSettings { Token = token, Words = ConnectionOptions.Words });
        using var channel = MeshChannel.Open($"127.0.0.1:{host.Port}");

        var error = await Assert.ThrowsAsync<RpcException>(async () => await new SearchService.SearchServiceClient(channel).DescribeMeshAsync(new DescribeMeshRequest()));

        var failure = RpcFailures.Of(error);
        Assert.Equal(says, failure.Message);
        Assert.Contains("--token-file", failure.Remedy, StringComparison.Ordinal);
        Assert.Contains("DMESH_TOKEN", failure.Remedy, StringComparison.Ordinal);
    }

    public void Dispose() => MeshChannel.Transport = _before;
}
