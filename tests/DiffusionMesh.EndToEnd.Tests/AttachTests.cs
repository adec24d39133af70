using System.Text.RegularExpressions;
using DiffusionMesh.Orchestrator.Tests.Storage;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>What a user sees of a search whose orchestrator or whose command is lost.</summary>
public sealed partial class AttachTests(SharedServices services) : IClassFixture<SharedServices>
{
    private static readonly string[] Search = ["search", "a photo of an ankle boot", "--steps", "20", "--budget", "1280"];

    [PostgresFact]
    public async Task Search_WhoseOrchestratorIsKilled_GoesOnAtTheNextOfItsTargets()
    {
        using var folder = new Folder();
        var (first, firstAuthority) = await services.StartOrchestratorAsync();
        await using var firstProcess = first;
        var (second, secondAuthority) = await services.StartOrchestratorAsync();
        await using var secondProcess = second;
        string[] target = ["--target", $"static:///{firstAuthority},{secondAuthority}"];
        await using var search = Dmesh.Start(folder.Path, [.. Search, "--out", "searched", .. target]);
        await search.WritesAsync("candidates, best score");
        var id = IdOf(search);
        await using var attached = Dmesh.Start(folder.Path, ["resume", id, "--out", "attached", "--target", secondAuthority]);
        await attached.WritesAsync("candidates, best score");

        await first.SignalAsync("-KILL");
        var (searched, watched) = (await search.EndAsync(), await attached.EndAsync());
        var fetched = await Dmesh.RunAsync(folder.Path, ["resume", id, "--out", "fetched", .. target]);

        foreach (var (ended, results) in (IEnumerable<(Ended, string)>)[(searched, "searched"), (watched, "attached"), (fetched, "fetched")])
        {
            Assert.True(ended.ExitCode == 0, $"{results}: {ended.Output}{ended.Errors}");
            RunFiles.AssertConsistent(folder[results]);
            Assert.Equal("succeeded", (string?)RunFiles.Json(folder[results])["search"]!["state"]);
            Assert.Equal(File.ReadAllBytes(folder["searched", "best.png"]), File.ReadAllBytes(folder[results, "best.png"]));
        }

        Assert.Equal(64, RunFiles.Json(folder["searched"])["candidates"]!.AsArray().Count);
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
