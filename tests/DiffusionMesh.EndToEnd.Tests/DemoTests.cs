using System.Text.Json.Nodes;

namespace DiffusionMesh.EndToEnd.Tests;

public sealed class DemoTests(DemoRun demo) : IClassFixture<DemoRun>
{
    [Fact]
    public void Demo_InAFreshFolder_WritesARunDirectory()
    {
        Assert.True(demo.Ended.ExitCode == 0, demo.Ended.Errors);
        RunFiles.AssertConsistent(demo.Run);
        Assert.Equal((string?)RunFiles.Json(demo.Run)["search"]!["id"], Path.GetFileName(demo.Run));
    }

    [Fact]
    public void Demo_OfTheDocumentedSearch_UsesTheWinnerAsItIs()
    {
        var json = RunFiles.Json(demo.Run);
        var spec = json["search"]!["spec"]!;

        Assert.Equal("a photo of an ankle boot", (string?)spec["condition"]!["prompt"]);
        Assert.Equal("random", (string?)spec["algorithm"]);
        Assert.Equal("budget_spent", (string?)json["search"]!["stop_reason"]);
        Assert.Equal(64, json["candidates"]!.AsArray().Count);
        Assert.Equal(0, (long?)json["ledger"]!["nfe"]!["final"]);
        Assert.Equal((long?)spec["budget_nfe"], (long?)json["ledger"]!["nfe"]!["search"]);
        Assert.Equal((double?)json["best"]!["search_score"], (double?)json["best"]!["score"]);
        Assert.All((JsonNode?[])[spec["model_digest"], spec["verifiers"]![0]!["weights_digest"]], digest => Assert.Matches("^sha256:[0-9a-f]{64}$", (string?)digest));
    }

    [Fact]
    public void Demo_WhileItRuns_ReportsProgress()
    {
        Assert.Matches(@"\d+ of 64 candidates, best score [\d.]+, NFE [\d,]+ spent, [\d,]+ left, about \d+:\d\d left", demo.Ended.Errors);
    }

    [Fact]
    public async Task Demo_OnceMoreIntoTheSameFolder_IsRefused()
    {
        var again = await Dmesh.RunAsync(demo.Start, "demo", "--out", demo.Run);

        Assert.Equal(2, again.ExitCode);
        Assert.Contains("holds an earlier run", again.Errors, StringComparison.Ordinal);
    }

    [SkippableBrowserFact]
    public async Task Report_InABrowser_ShowsPicturesAndFigure()
    {
        using var folder = new Folder();
        var screenshot = folder["page.png"];

        await Browser.ScreenshotAsync(Path.Combine(demo.Run, "report.html"), screenshot);

        var page = PngPixels.Read(screenshot);
        var colours = new HashSet<int>();
        for (var at = 0; at < page.Pixels.Length; at += page.Channels)
        {
            colours.Add((page.Pixels[at] << 16) | (page.Pixels[at + 1] << 8) | page.Pixels[at + 2]);
        }

        // The greys of the photographs, the blue of the curve and the orange of the chosen one.
        Assert.True(colours.Count(colour => (colour & 0xFF) == ((colour >> 8) & 0xFF) && (colour & 0xFF) == (colour >> 16)) > 150, "no photographs");
        Assert.Contains(0x0B5CAD, colours);
        Assert.Contains(0xC2410C, colours);
    }
}
