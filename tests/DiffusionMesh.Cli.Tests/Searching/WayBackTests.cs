using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Searching;
using DiffusionMesh.Transport;

namespace DiffusionMesh.Cli.Tests.Searching;

public sealed class WayBackTests
{
    [Fact]
    public void At_AnOrchestrator_NamesIdTargetAndFolderUntilResultsAreThere()
    {
        var back = WayBack.At("static:///a:1,b:2", [], "0f", "my results");

        Assert.Contains("'dmesh resume 0f --target static:///a:1,b:2 --out 'my results''", back.IfKilled, StringComparison.Ordinal);
        Assert.Contains("goes on at the service: 'dmesh resume 0f --target static:///a:1,b:2 --out 'my results''", back.AfterLoss, StringComparison.Ordinal);
        Assert.Equal("'dmesh resume 0f --target static:///a:1,b:2' goes on with it.", back.AfterStop("my results"));
    }

    [Fact]
    public void At_AnOrchestratorThatIsReachedWithOptions_GivesThemAgain()
    {
        var settings = new TransportSettings { CaFile = "ca.pem", CertificateFile = "a.pem", KeyFile = "my key.pem", TokenFile = "token", Token = "secret", AllowPlaintext = true };

        var back = WayBack.At("https://a:1", ConnectionOptions.Of(settings), "0f", output: null);

        Assert.Equal(
            "'dmesh resume 0f --target https://a:1 --ca ca.pem --cert a.pem --key 'my key.pem' --token-file token --allow-plaintext' goes on with it.",
            back.AfterStop("0f"));
    }

    [Theory]
    [InlineData(true, "0f")]
    [InlineData(false, ".run-1")]
    public void In_AFolder_NamesWhereItLiesThen(bool moves, string then)
    {
        var back = WayBack.In(Path.GetFullPath("runs/.run-1"), moves);

        Assert.Contains($"'dmesh resume {Path.Combine("runs", ".run-1")}'", back.IfKilled, StringComparison.Ordinal);
        Assert.Equal($"'dmesh resume {Path.Combine("runs", ".run-1")}' goes on with it.", back.AfterLoss);
        Assert.Equal($"'dmesh resume {Path.Combine("runs", then)}' goes on with it.", back.AfterStop(Path.GetFullPath("runs/0f")));
    }
}
