using DiffusionMesh.Cli.Searching;

namespace DiffusionMesh.Cli.Tests.Searching;

public sealed class WayBackTests
{
    [Fact]
    public void At_AnOrchestrator_NamesIdTargetAndFolderUntilResultsAreThere()
    {
        var back = WayBack.At("static:///a:1,b:2", "0f", "my results");

        Assert.Contains("'dmesh resume 0f --target static:///a:1,b:2 --out 'my results''", back.IfKilled, StringComparison.Ordinal);
        Assert.Contains("goes on at the service: 'dmesh resume 0f --target static:///a:1,b:2 --out 'my results''", back.AfterLoss, StringComparison.Ordinal);
        Assert.Equal("'dmesh resume 0f --target static:///a:1,b:2' goes on with it.", back.AfterStop("my results"));
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
