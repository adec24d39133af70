using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Outcomes;
using DiffusionMesh.Metrics;

namespace DiffusionMesh.Cli.Experiments.Figures;

/// <summary>A curve of a figure: cells that differ only by what is on the horizontal axis.</summary>
/// <param name="Number">Its place among the curves, which gives its colour and mark.</param>
/// <param name="IsMoreSteps">Drawn dashed.</param>
internal sealed record Curve(int Number, string Label, bool IsMoreSteps, IReadOnlyList<(double X, CellOutcome Cell)> Cells)
{
    public string Colour => $"series{Number % Report.Svg.SeriesColours}";

    public IEnumerable<(double X, Interval Value)> Of(string metric) => Cells
        .Where(point => point.Cell.Metrics.ContainsKey(metric))
        .Select(point => (point.X, point.Cell.Metrics[metric].Interval));

    public static IReadOnlyList<Curve> All(FigureCells cells, ExperimentOutcome outcome)
    {
        var groups = cells.All.GroupBy(cell => cells.Figure.X == HorizontalAxis.Guidance
            ? cell.Cell with { Guidance = 0 }
            : cell.Cell with { Budget = 0 });
        return [.. groups
            .OrderByDescending(group => cells.IsMoreSteps(group.First()))
            .Select((group, number) => new Curve(
                number,
                cells.Label(group.First()),
                cells.IsMoreSteps(group.First()),
                [.. group.Select(cell => (X(cell, cells.Figure.X, outcome), cell)).OrderBy(point => point.Item1)]))];
    }

    private static double X(CellOutcome cell, HorizontalAxis axis, ExperimentOutcome outcome) => axis switch
    {
        HorizontalAxis.Guidance => cell.Cell.Guidance,
        HorizontalAxis.Candidates => cell.Rows.Average(row => row.Ledger.NfeSearch)
            / outcome.Plan.Budgets[(cell.Cell.Model, cell.Cell.Guidance)].NfePerCandidate,
        _ => cell.Cell.Budget,
    };
}
