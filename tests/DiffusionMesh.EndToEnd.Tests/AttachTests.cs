using System.Text.RegularExpressions;
using DiffusionMesh.Tests;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>What a user sees of a search whose orchestrator or whose command is lost.</summary>
public sealed partial class AttachTests(SharedServices services) : IClassFixture<SharedServices>
{
    private static readonly string[] Search = ["search", "a photo of an ankle boot", "--steps", "20", "--budget", "1280"];

    // Unless it is cancelled.
    private static readonly string[] Endless = [.. Search[..^1], "200000"];

    [PostgresTheory]
    [InlineData("-KILL")]
    [InlineData("-STOP")]
    public async Task Search_WhoseOrchestratorIsLost_GoesOnAtTheNextOfItsTargets(string signal)
    {
        using var folder = new Folder();
        var (first, firstAuthority) = await services.StartOrchestratorAsync();
        await using var firstProcess = first;
        var (second, secondAuthority) = await services.StartOrchestratorAsync();
        await using var secondProcess = second;
        string[] target = ["--target", $"static:///{firstAuthority},{secondAuthority}"];
        await using var search = Dmesh.Start(folder.Path, [.. Search[..^1], "2560", "--out", "searched", .. target]);
        await search.WritesAsync("Search ");
        var id = IdOf(search);

        // Somebody else watches it from its beginning: it lasts longer than that takes.
        await using var attached = Dmesh.Start(folder.Path, ["resume", id, "--out", "attached", "--target", secondAuthority]);
        await search.WritesAsync("candidates, best score");
        await attached.WritesAsync("candidates, best score");

        await first.SignalAsync(signal);
        var (searched, watched) = (await search.EndAsync(), await attached.EndAsync());
        var fetched = await Dmesh.RunAsync(folder.Path, ["resume", id, "--out", "fetched", .. target]);

        foreach (var (ended, results) in (IEnumerable<(Ended, string)>)[(searched, "searched"), (watched, "attached"), (fetched, "fetched")])
        {
            Assert.True(ended.ExitCode == 0, $"{results}: {ended.Output}{ended.Errors}");
            RunFiles.AssertConsistent(folder[results]);
            Assert.Equal("succeeded", (string?)RunFiles.Json(folder[results])["search"]!["state"]);
            Assert.Equal(File.ReadAllBytes(folder["searched", "best.png"]), File.ReadAllBytes(folder[results, "best.png"]));
        }

        Assert.Equal(128, RunFiles.Json(folder["searched"])["candidates"]!.AsArray().Count);
        Assert.Equal($"Ended    {id}\n", (await Dmesh.RunAsync(folder.Path, ["cancel", id, "--target", secondAuthority])).Output);
    }

    [PostgresFact]
    public async Task Search_WhoseOnlyOrchestratorIsKilled_SaysHowToComeBack()
    {
        using var folder = new Folder();
        var (orchestrator, authority) = await services.StartOrchestratorAsync();
        await using var process = orchestrator;
        await using var search = Dmesh.Start(folder.Path, [.. Search, "--out", "out", "--target", authority]);
        await search.WritesAsync("candidates, best score");

        await orchestrator.SignalAsync("-KILL");
        var lost = await search.EndAsync();

        Assert.True(lost.ExitCode == 1, lost.Errors);
        Assert.Contains("the orchestrator is lost; trying to reach one again", lost.Errors, StringComparison.Ordinal);
        Assert.Contains($"goes on at the service: 'dmesh resume {IdOf(search)} --target {authority} --out out'", lost.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [PostgresFact]
    public async Task Search_CancelledAtAnotherOrchestrator_StopsAndCanBeDeleted()
    {
        using var folder = new Folder();
        var (first, firstAuthority) = await services.StartOrchestratorAsync();
        await using var firstProcess = first;
        var (second, secondAuthority) = await services.StartOrchestratorAsync();
        await using var secondProcess = second;
        await using var search = Dmesh.Start(folder.Path, [.. Endless, "--out", "out", "--target", firstAuthority]);
        await search.WritesAsync("candidates, best score");
        var id = IdOf(search);
        string[] there = [id, "--target", secondAuthority];

        var refused = await Dmesh.RunAsync(folder.Path, ["delete", .. there]);
        var cancelled = await Dmesh.RunAsync(folder.Path, ["cancel", .. there]);
        var stopped = await search.EndAsync();
        var deleted = await Dmesh.RunAsync(folder.Path, ["delete", .. there]);
        var unknown = await Dmesh.RunAsync(folder.Path, ["cancel", .. there]);

        Assert.Contains("cancel it first", refused.Errors, StringComparison.Ordinal);
        Assert.Equal((0, $"Stopped  {id}\n"), (cancelled.ExitCode, cancelled.Output));
        Assert.Equal(1, stopped.ExitCode);
        Assert.Contains("the search was cancelled by somebody else", stopped.Errors, StringComparison.Ordinal);
        Assert.True(deleted.ExitCode == 0, deleted.Errors);
        Assert.True(unknown.ExitCode == 2, unknown.Errors);
    }

    [PostgresFact]
    public async Task Search_WhoseVerifierStandsStill_SaysThatItWaitsForIt()
    {
        using var folder = new Folder();
        var (orchestrator, authority) = await services.StartOrchestratorAsync();
        await using var process = orchestrator;
        await using var search = Dmesh.Start(folder.Path, [.. Search, "--out", "out", "--target", authority]);
        await search.WritesAsync("candidates, best score");

        await services.Verifier.SignalAsync("-STOP");
        await search.WritesAsync("waits: verifier 'clip'");
        await services.Verifier.SignalAsync("-CONT");
        var ended = await search.EndAsync();

        Assert.True(ended.ExitCode == 0, ended.Errors);
    }

    private static string IdOf(Dmesh dmesh) => SearchId().Match(dmesh.Errors).Groups[1].Value;

    [GeneratedRegex("Search ([0-9a-f]{32}):")]
    private static partial Regex SearchId();
}
