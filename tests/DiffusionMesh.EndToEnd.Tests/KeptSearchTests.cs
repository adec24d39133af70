using System.Text.Json.Nodes;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>What can be done with a search once it was run: from its folder, and at the orchestrator that keeps it.</summary>
public sealed class KeptSearchTests(DemoRun demo, Services services) : IClassFixture<DemoRun>, IClassFixture<Services>
{
    [Fact]
    public async Task Replay_OfADemosFolder_IsIdenticalAndLeavesItAsItWas()
    {
        var before = Files(demo.Run);

        var replay = await Dmesh.RunAsync(demo.Start, "replay", demo.Run, "--json");

        Assert.True(replay.ExitCode == 0, replay.Errors);
        var json = JsonNode.Parse(replay.Output)!;
        Assert.Equal((true, 64, 0), ((bool)json["identical"]!, (int)json["candidates"]!, (int)json["differences_total"]!));
        Assert.Equal((long?)RunFiles.Json(demo.Run)["ledger"]!["nfe"]!["total"], (long?)json["nfe"]);
        Assert.Equal(before, Files(demo.Run));
    }

    [Fact]
    public async Task Replay_OfAnAlteredImage_NamesItsCandidateAndExitsWith1()
    {
        using var folder = new Folder();
        Copy(demo.Run, folder["altered"]);
        var candidate = RunFiles.Json(demo.Run)["candidates"]![7]!;
        var image = Directory.GetFiles(folder["altered"], ((string)candidate["pixel_digest"]!)["sha256:".Length..] + ".*", SearchOption.AllDirectories).Single();
        var bytes = File.ReadAllBytes(image);
        bytes[^1] ^= 1;
        File.WriteAllBytes(image, bytes);

        var replay = await Dmesh.RunAsync(folder.Path, "replay", "altered");

        Assert.True(replay.ExitCode == 1, replay.Errors);
        Assert.Contains("Different in 1 place", replay.Output, StringComparison.Ordinal);
        Assert.Matches(@"\b7\b.*image\.digest.*missing or altered.*sha256:", replay.Output);
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

    [Fact]
    public async Task Rescore_OfADemosFolder_RanksItsImagesAnewForNoNfe()
    {
        var rescore = await Dmesh.RunAsync(demo.Start, "rescore", demo.Run, "--verifier", "aesthetic", "--json");

        Assert.True(rescore.ExitCode == 0, rescore.Errors);
        Assert.Empty(rescore.Errors);
        var json = JsonNode.Parse(rescore.Output)!;
        var scores = json["candidates"]!.AsArray().Select(candidate => (double)candidate!["scores"]!["aesthetic"]!).ToArray();
        Assert.Equal((64, 0), (scores.Length, (int)json["nfe"]!));
        Assert.Equal(scores.Max(), (double)json["best"]![0]!["search_score"]!);
    }

    [Fact]
    public async Task Resume_OfAKilledSearch_EndsAsIfNothingHadHappened()
    {
        using var folder = new Folder();
        string[] search = ["search", "a photo of an ankle boot", "--steps", "20", "--budget", "2000", "--seed", "3"];
        await using (var killed = Dmesh.Start(folder.Path, [.. search, "--out", "killed"]))
        {
            await killed.WritesAsync("candidates, best score");
            var hosts = killed.Hosts();
            await killed.SignalAsync("-KILL");
            await Task.WhenAll(hosts.Select(host => host.WaitForExitAsync())).WaitAsync(Dmesh.Patience);
        }

        var resumed = await Dmesh.RunAsync(folder.Path, "resume", "killed");
        var whole = await Dmesh.RunAsync(folder.Path, [.. search, "--out", "whole"]);

        Assert.True(resumed.ExitCode == 0, resumed.Errors);
        Assert.True(whole.ExitCode == 0, whole.Errors);
        RunFiles.AssertConsistent(folder["killed"]);
        Assert.Equal(File.ReadAllBytes(folder["whole", "best.png"]), File.ReadAllBytes(folder["killed", "best.png"]));
        Assert.Equal((long?)RunFiles.Json(folder["whole"])["ledger"]!["nfe"]!["search"], (long?)RunFiles.Json(folder["killed"])["ledger"]!["nfe"]!["search"]);
    }

    [Fact]
    public async Task ResumeAndDelete_AtAnOrchestrator_GoOnAndLeaveNothing()
    {
        using var folder = new Folder();
        string[] target = ["--target", services.Orchestrator];
        await using var dmesh = Dmesh.Start(folder.Path, ["search", "a photo of an ankle boot", "--steps", "20", "--budget", "2000", "--out", "out", .. target]);
        await dmesh.WritesAsync("candidates, best score");
        await dmesh.PressCtrlCAsync();
        Assert.Equal(130, (await dmesh.EndAsync()).ExitCode);
        var id = (string)RunFiles.Json(folder["out"])["search"]!["id"]!;

        var resumed = await Dmesh.RunAsync(folder.Path, ["resume", id, "--out", "resumed", .. target]);
        var again = await Dmesh.RunAsync(folder.Path, ["resume", id, "--out", "again", .. target]);
        var replayed = await Dmesh.RunAsync(folder.Path, ["replay", id, .. target]);
        var deleted = await Dmesh.RunAsync(folder.Path, ["delete", id, .. target]);
        var gone = await Dmesh.RunAsync(folder.Path, ["delete", id, .. target]);

        Assert.True(resumed.ExitCode == 0, resumed.Errors);
        Assert.Equal("succeeded", (string?)RunFiles.Json(folder["resumed"])["search"]!["state"]);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("is complete", again.Errors, StringComparison.Ordinal);
        Assert.True(replayed.ExitCode == 0, replayed.Output + replayed.Errors);
        Assert.Contains("Identical", replayed.Output, StringComparison.Ordinal);
        Assert.True(deleted.ExitCode == 0, deleted.Errors);
        Assert.Equal(2, gone.ExitCode);
        Assert.Contains("there is no search", gone.Errors, StringComparison.Ordinal);
    }

    private static string[] Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O}")];

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
