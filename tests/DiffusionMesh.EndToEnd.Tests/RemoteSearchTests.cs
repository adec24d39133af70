namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>What can be done with a search at the orchestrator that keeps it.</summary>
public sealed class RemoteSearchTests(Services services) : IClassFixture<Services>
{
    [Fact]
    public async Task ResumeAndDelete_AtAnOrchestrator_GoOnAndLeaveNothing()
    {
        using var folder = new Folder();
        string[] target = ["--target", services.Orchestrator];
        await using var dmesh = Dmesh.Start(folder.Path, ["search", "a photo of an ankle boot", "--steps", "20", "--budget", "2000", "--out", "out", .. target]);
        await dmesh.WritesAsync("candidates, best score");
        await dmesh.PressCtrlCAsync();
        var interrupted = await dmesh.EndAsync();
        Assert.Equal(130, interrupted.ExitCode);
        var id = (string)RunFiles.Json(folder["out"])["search"]!["id"]!;

        var resumed = await Dmesh.RunAsync(folder.Path, ["resume", id, "--out", "resumed", .. target]);
        var again = await Dmesh.RunAsync(folder.Path, ["resume", id, "--out", "again", .. target]);
        var nowhere = await Dmesh.RunAsync(folder.Path, "replay", "resumed");
        var replayed = await Dmesh.RunAsync(folder.Path, ["replay", "resumed", .. target]);
        var deleted = await Dmesh.RunAsync(folder.Path, ["delete", id, .. target]);
        var gone = await Dmesh.RunAsync(folder.Path, ["delete", id, .. target]);

        Assert.Contains($"Search {id}:", interrupted.Errors, StringComparison.Ordinal);
        Assert.Contains($"'dmesh resume {id} --target {services.Orchestrator}' goes on with it", interrupted.Errors, StringComparison.Ordinal);
        Assert.True(resumed.ExitCode == 0, resumed.Errors);
        Assert.Equal("succeeded", (string?)RunFiles.Json(folder["resumed"])["search"]!["state"]);
        Assert.True(again.ExitCode == 0, again.Errors);
        RunFiles.AssertConsistent(folder["again"]);
        Assert.Equal(File.ReadAllText(folder["resumed", "search.json"]), File.ReadAllText(folder["again", "search.json"]));
        Assert.Equal(2, nowhere.ExitCode);
        Assert.Contains($"holds results of search {id}", nowhere.Errors, StringComparison.Ordinal);
        Assert.True(replayed.ExitCode == 0, replayed.Output + replayed.Errors);
        Assert.Contains("Identical", replayed.Output, StringComparison.Ordinal);
        Assert.True(deleted.ExitCode == 0, deleted.Errors);
        Assert.Equal(2, gone.ExitCode);
        Assert.Contains("there is no search", gone.Errors, StringComparison.Ordinal);
    }
}
