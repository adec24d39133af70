namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>Searches that go on, and what names none.</summary>
public sealed class ResumeTests
{
    [Fact]
    public async Task Resume_OfAKilledSearch_EndsAsIfNothingHadHappened()
    {
        using var folder = new Folder();
        string[] search = ["search", "a photo of an ankle boot", "--steps", "20", "--budget", "2000", "--seed", "3"];
        string place;
        await using (var killed = Dmesh.Start(folder.Path, search))
        {
            await killed.WritesAsync("candidates, best score");
            place = Path.Combine("runs", $".run-{killed.Id}");
            Assert.Contains($"if this command is killed, 'dmesh resume {place}' goes on with it", killed.Errors, StringComparison.Ordinal);
            var hosts = killed.Hosts();
            await killed.SignalAsync("-KILL");
            await Task.WhenAll(hosts.Select(host => host.WaitForExitAsync())).WaitAsync(Dmesh.Patience);
        }

        var unended = await Dmesh.RunAsync(folder.Path, "replay", place);
        var resumed = await Dmesh.RunAsync(folder.Path, "resume", place);
        var whole = await Dmesh.RunAsync(folder.Path, [.. search, "--out", "whole"]);

        var results = Assert.Single(Directory.GetFileSystemEntries(folder["runs"]));
        var again = await Dmesh.RunAsync(folder.Path, "resume", results);

        Assert.Equal(2, unended.ExitCode);
        Assert.Contains("has not ended", unended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Starting", unended.Errors, StringComparison.Ordinal);
        Assert.True(resumed.ExitCode == 0, resumed.Errors);
        Assert.True(again.ExitCode == 0, again.Errors);
        Assert.DoesNotContain("Starting", again.Errors, StringComparison.Ordinal);
        Assert.Equal(resumed.Output, again.Output);
        Assert.True(whole.ExitCode == 0, whole.Errors);
        RunFiles.AssertConsistent(results);
        Assert.Equal(File.ReadAllBytes(folder["whole", "best.png"]), File.ReadAllBytes(Path.Combine(results, "best.png")));
        Assert.Equal((long?)RunFiles.Json(folder["whole"])["ledger"]!["nfe"]!["search"], (long?)RunFiles.Json(results)["ledger"]!["nfe"]!["search"]);
    }

    [Theory]
    [InlineData("neither a folder nor an identifier", "replay", "nothing-here")]
    [InlineData("holds no search", "replay", ".")]
    [InlineData("neither a folder nor an identifier", "rescore", "nothing-here", "--verifier", "dino")]
    [InlineData("no orchestrator answers", "replay", "00000000000000000000000000000000", "--target", "http://127.0.0.1:9")]
    public async Task Replay_OfNothing_ExitsWith2(string message, params string[] command)
    {
        using var folder = new Folder();

        var ended = await Dmesh.RunAsync(folder.Path, command);

        Assert.True(ended.ExitCode == 2, ended.Errors);
        Assert.Contains(message, ended.Errors, StringComparison.Ordinal);
    }
}
