using System.Text.Json.Nodes;

namespace DiffusionMesh.EndToEnd.Tests;

public sealed class ExperimentTests : IDisposable
{
    private const string Runs = "runs.jsonl";
    private static readonly string Smoke = Path.Combine(Root(), "experiments", "smoke.yaml");

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Experiment_KilledAndStartedAgain_DoesOnlyWhatIsMissing()
    {
        int before;
        await using (var dmesh = Dmesh.Start(_folder.Path, "experiment", Smoke, "--out", "out"))
        {
            await dmesh.WritesAsync("10 of ");
            await dmesh.SignalAsync("-KILL");
            await dmesh.EndAsync();
            before = File.ReadAllText(_folder["out", Runs]).Count(letter => letter == '\n');
        }

        // A crash in the middle of a line.
        await File.AppendAllTextAsync(_folder["out", Runs], "{\"key\":\"26");
        var ended = await Dmesh.RunAsync(_folder.Path, "experiment", Smoke, "--out", "out", "--json");

        Assert.True(ended.ExitCode == 0, ended.Errors);
        var lines = await File.ReadAllLinesAsync(_folder["out", Runs]);
        var keys = lines.Select(line => (string)JsonNode.Parse(line)!["key"]!).ToArray();
        var receipt = JsonNode.Parse(ended.Output)!;
        Assert.InRange(before, 10, lines.Length - 1);
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal((int)receipt["runs"]!, keys.Length);
        Assert.Equal(0, (int)receipt["missing"]!);
        Assert.All(receipt["files"]!.AsArray(), file => Assert.True(File.Exists(_folder["out", (string)file!])));
    }

    [Fact]
    public async Task Experiment_DoneBefore_GivesTheSameFilesWithoutARun()
    {
        var first = await Dmesh.RunAsync(_folder.Path, "experiment", Smoke, "--out", "out");
        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.Contains("about", first.Errors, StringComparison.Ordinal);
        var (csv, summary) = (File.ReadAllText(_folder["out", "results.csv"]), File.ReadAllText(_folder["out", "summary.json"]));
        var runs = File.ReadAllText(_folder["out", Runs]);

        var second = await Dmesh.RunAsync(_folder.Path, "experiment", Smoke, "--out", "again", "--store", "out");

        Assert.True(second.ExitCode == 0, second.Errors);
        Assert.Contains("To do: 0 runs", second.Errors, StringComparison.Ordinal);
        Assert.Equal(runs, File.ReadAllText(_folder["out", Runs]));
        Assert.Equal(csv, File.ReadAllText(_folder["again", "results.csv"]));
        Assert.Equal(summary, File.ReadAllText(_folder["again", "summary.json"]));
        AssertSummaryFollowsFromRows(csv, JsonNode.Parse(summary)!);
    }

    [Fact]
    public async Task Experiment_OnCtrlC_KeepsTheRunsThatEndedAndExitsWith130()
    {
        await using var dmesh = Dmesh.Start(_folder.Path, "experiment", Smoke, "--out", "out");
        await dmesh.WritesAsync("10 of ");

        await dmesh.PressCtrlCAsync();
        var ended = await dmesh.EndAsync();

        Assert.True(ended.ExitCode == 130, ended.Errors);
        Assert.Contains("Run the same command again to go on", ended.Errors, StringComparison.Ordinal);
        Assert.True(File.ReadAllLines(_folder["out", Runs]).Length >= 10);
    }

    [Fact]
    public async Task Experiment_DryRun_SaysWhatWouldBeRunAndWritesNothing()
    {
        var ended = await Dmesh.RunAsync(_folder.Path, "experiment", Smoke, "--out", "out", "--dry-run");

        Assert.True(ended.ExitCode == 0, ended.Errors);
        Assert.Contains("To do: 40 runs", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("hours", ended.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task Experiment_ThatNamesAnUnknownAlgorithm_ListsTheKnownOnesWithTheLine()
    {
        var file = _folder["bad.yaml"];
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(Smoke)).Replace("  - steps\n", "  - walks\n  - steps\n", StringComparison.Ordinal));

        var ended = await Dmesh.RunAsync(_folder.Path, "experiment", file);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("algorithms[0]", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("'walks' is unknown; known are:", ended.Errors, StringComparison.Ordinal);
    }

    [SkippableBrowserFact]
    public async Task Report_InABrowser_Opens()
    {
        var ended = await Dmesh.RunAsync(_folder.Path, "experiment", Smoke, "--out", "out");
        Assert.True(ended.ExitCode == 0, ended.Errors);

        await Browser.ScreenshotAsync(_folder["out", "report.html"], _folder["report.png"]);

        // The blue of the curve of random search.
        var page = PngPixels.Read(_folder["report.png"]);
        Assert.Contains(0x0B5CAD, Enumerable.Range(0, page.Pixels.Length / page.Channels).Select(pixel =>
            (page.Pixels[pixel * page.Channels] << 16) | (page.Pixels[(pixel * page.Channels) + 1] << 8) | page.Pixels[(pixel * page.Channels) + 2]));
    }

    /// <summary>Takes the mean of every cell again from the rows of the table.</summary>
    private static void AssertSummaryFollowsFromRows(string csv, JsonNode summary)
    {
        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToArray();
        Assert.Equal("fashion-features", (string?)summary["features"]);
        int Column(string name) => Array.IndexOf(lines[0], name);
        var cells = lines.Skip(1).ToLookup(row => (row[Column("algorithm")], row[Column("select")], row[Column("budget")]));
        var summarised = summary["cells"]!.AsArray();
        Assert.Equal(cells.Count, summarised.Count);
        Assert.All(summarised, cell =>
        {
            var rows = cells[((string)cell!["algorithm"]!, (string)cell["select"]!, cell["budget"]!.ToString())];
            AssertMean("clip", "score_clip");
            AssertMean("class_probability", "class_probability");
            Assert.True((double)cell["metrics"]!["fid"]!["value"]! > 0);
            Assert.InRange((double)cell["metrics"]!["is"]!["value"]!, 1, 10);

            void AssertMean(string metric, string column) => Assert.Equal(
                rows.Average(row => double.Parse(row[Column(column)], System.Globalization.CultureInfo.InvariantCulture)),
                (double)cell["metrics"]![metric]!["value"]!,
                1e-9);
        });
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "DiffusionMesh.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
