using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>What every run directory must fulfil.</summary>
internal static class RunFiles
{
    public static JsonNode Json(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "search.json")))!;

    /// <summary>All files are there, and the ledger, the candidates and the best image agree.</summary>
    public static void AssertConsistent(string folder)
    {
        foreach (var file in (string[])["best.png", "candidates.png", "score-nfe.svg", "report.html", "search.json"])
        {
            Assert.True(new FileInfo(Path.Combine(folder, file)) is { Exists: true, Length: > 0 }, $"{file} is missing");
        }

        var json = Json(folder);
        var nfe = json["ledger"]!["nfe"]!;
        var candidates = json["candidates"]!.AsArray();
        Assert.Equal((long)nfe["search"]!, candidates.Sum(candidate => (long)candidate!["nfe"]!));
        Assert.Equal((long)nfe["total"]!, (long)nfe["search"]! + (long)nfe["final"]! + (long)nfe["wasted"]!);

        var best = json["best"]!;
        var winner = candidates.Single(candidate => (string)candidate!["id"]! == (string)best["candidate"]!)!;
        Assert.Equal((double)best["search_score"]!, (double)winner["scores"]!["clip"]!);
        Assert.Equal((double)best["search_score"]!, candidates.Max(candidate => (double?)candidate!["scores"]!["clip"]));
        var pixels = PngPixels.Read(Path.Combine(folder, (string)best["image"]!)).Pixels;
        Assert.Equal((string)best["pixel_digest"]!, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(pixels))}");
    }

    /// <summary>The document without what differs between two runs of one specification.</summary>
    public static string Repeatable(string folder)
    {
        var json = Json(folder);
        foreach (var name in (string[])["id", "create_time", "end_time"])
        {
            Assert.True(json["search"]!.AsObject().Remove(name));
        }

        Assert.True(json["ledger"]!.AsObject().Remove("wall_seconds"));
        return json.ToJsonString();
    }
}
