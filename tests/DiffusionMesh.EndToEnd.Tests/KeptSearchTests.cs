using System.Text.Json.Nodes;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>What can be done with the folder of a search once it was run.</summary>
public sealed class KeptSearchTests(DemoRun demo) : IClassFixture<DemoRun>
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
