using System.Text.Json.Nodes;
using DiffusionMesh.Cli.Experiments;
using DiffusionMesh.Cli.Experiments.Outcomes;
using DiffusionMesh.Cli.Experiments.Planning;
using DiffusionMesh.Cli.Experiments.Storage;

namespace DiffusionMesh.Cli.Tests.Experiments;

/// <summary>A tiny experiment whose runs are made up, so that everything can be worked out by hand.</summary>
public sealed class OutcomeTests : IDisposable
{
    private const string Text = """
        name: tiny
        model: flow
        steps: 10
        guidance: 1
        conditions: {classes: [0, 1]}
        seeds: 2
        verifiers: [bright, dark]
        select: [bright, dark]
        algorithms: [steps, random]
        budgets: {nfe: [10, 30]}
        baseline: {algorithm: steps, budget: 10}
        figures:
          - {kind: lines, title: Lines <b>, metrics: [bright, dark]}
          - {kind: table, title: Table}
          - {kind: differences, title: Differences}
          - {kind: pictures, title: Pictures}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly ExperimentPlan _plan = SampleExperiment.Plan(Text);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_OfAPool_AreThePrefixesBest()
    {
        using var store = Store();

        var rows = RowBuilder.Build(_plan, store);

        Assert.Equal(_plan.Rows.Count, rows.Count);
        var row = Assert.Single(rows, row => row.Cell is { Algorithm: "random", Select: "bright", Budget: 30 } && row.Planned is { Seed: 1, Condition.Number: 0 });
        Assert.Equal(("2", 3.0, 3), (row.Chosen.Id, row.Scores["bright"], row.Candidates));
        Assert.Equal(new StoredLedger(30, 0, 0, 30, 3, 3, 3), row.Ledger);
        var prefix = Assert.Single(rows, row => row.Cell is { Algorithm: "random", Select: "bright", Budget: 10 } && row.Planned is { Seed: 1, Condition.Number: 0 });
        Assert.Equal("0", prefix.Chosen.Id);
        Assert.Equal(new StoredLedger(10, 0, 0, 10, 1, 1, 1), prefix.Ledger);
    }

    [Fact]
    public void Csv_OfATinyExperiment_HoldsARowForEveryRun()
    {
        using var store = Store();

        var lines = ResultsCsv.Write(_plan, RowBuilder.Build(_plan, store)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(1 + _plan.Rows.Count, lines.Length);
        Assert.StartsWith("model,guidance,algorithm,select,budget_unit,budget,seed,condition,class,search_seed,score_bright,score_dark,class_probability,nfe_search", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("flow,1,random,bright,nfe,30,1,T-shirt,0,1000000,3,5,,30,0,30,3,3,3,3,2,completed,sha256:2,", StringComparison.Ordinal));
    }

    [Fact]
    public void Summary_OfATinyExperiment_IsWhatAHandWorksOut()
    {
        using var store = Store();

        var folder = ExperimentFilesOf(store);

        var cells = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, Summary.File)))!["cells"]!.AsArray();
        var cell = cells.Single(cell => (string)cell!["algorithm"]! == "random" && (string)cell["select"]! == "bright" && (double)cell["budget"]! == 30)!;

        // Best bright of the four pools: 3, 4, 5, 6; one sample of 10 steps has 0.5 each.
        // s = 1.2910, s/sqrt(4) = 0.6455, t(3) = 3.1824: 2.0543.
        AssertInterval(cell["metrics"]!["bright"]!, 4.5, 4.5 - 2.0543, 4.5 + 2.0543, 4);
        AssertInterval(cell["differences"]!["bright"]!, 4.0, 4.0 - 2.0543, 4.0 + 2.0543, 4);

        // By condition: means 3.5 and 5.5, s/sqrt(2) = 1, t(1) = 12.7062.
        Assert.Equal(4.5 - 12.7062, (double)cell["metrics"]!["bright"]!["low_by_condition"]!, 1e-3);
        Assert.Equal(30, (double)cell["nfe_per_sample"]!);
        Assert.Equal((4, 4), ((int)cell["samples"]!, (int)cell["expected"]!));
    }

    [Fact]
    public void Summary_WhenRunsAreMissing_SaysSo()
    {
        using var store = Store(runs: 3);

        var summary = JsonNode.Parse(File.ReadAllText(Path.Combine(ExperimentFilesOf(store), Summary.File)))!;

        Assert.False((bool)summary["complete"]!);
        Assert.Contains(summary["cells"]!.AsArray(), cell => (int)cell!["samples"]! < (int)cell["expected"]!);
    }

    [Fact]
    public void Report_OfATinyExperiment_NeedsNothingBesideItAndEscapesText()
    {
        using var store = Store();

        var page = File.ReadAllText(Path.Combine(ExperimentFilesOf(store), "report.html"));

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Lines <b>", page, StringComparison.Ordinal);
        Assert.Contains("stroke-dasharray", page, StringComparison.Ordinal);
        Assert.Contains("+4.000 <small>[+1.946, +6.054]</small>", page, StringComparison.Ordinal);
        Assert.Contains("data:image/png;base64,", page, StringComparison.Ordinal);
    }

    private string ExperimentFilesOf(RunStore store)
    {
        var rows = RowBuilder.Build(_plan, store);
        ExperimentFiles.Write(_folder["out"], new ExperimentOutcome(_plan, rows, Measurement.Run(_plan, rows, null), null, [], store));
        return _folder["out"];
    }

    /// <summary>Pools whose bright scores are 1, 2 and 3 + pool; single samples of 0.5.</summary>
    private RunStore Store(int runs = int.MaxValue)
    {
        var store = RunStore.Open(_folder["store"]);
        var pool = 0;
        foreach (var planned in _plan.Runs.Take(runs))
        {
            var (run, images) = planned.IsPool
                ? SampleExperiment.Run(planned, (1, 3), (2, 4), (3 + pool++, 5))
                : SampleExperiment.Run(planned, (0.5, 2));
            store.Add(run, images);
        }

        return store;
    }

    private static void AssertInterval(JsonNode interval, double value, double low, double high, int n)
    {
        Assert.Equal(value, (double)interval["value"]!, 1e-9);
        Assert.Equal(low, (double)interval["low"]!, 1e-3);
        Assert.Equal(high, (double)interval["high"]!, 1e-3);
        Assert.Equal(n, (int)interval["n"]!);
    }
}
