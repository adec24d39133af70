using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Outcomes;
using static DiffusionMesh.Cli.Report.ReportPage;

namespace DiffusionMesh.Cli.Experiments.Figures;

/// <summary>Differences from the baseline, pair by pair: bold where the interval excludes zero, coloured where it is worse.</summary>
internal static class DifferencesFigure
{
    public static string Draw(FigureChoice figure, ExperimentOutcome outcome)
    {
        var cells = new FigureCells(figure, outcome);
        var shown = cells.All.Where(cell => cell.Differences.Count > 0).ToArray();
        var metrics = cells.Metrics.Where(metric => shown.Any(cell => cell.Differences.ContainsKey(metric))).ToArray();
        var baseline = outcome.Plan.Experiment.Baseline!;
        var at = baseline.Budget is { } budget ? $"at {Scale.Label(budget)} {outcome.Plan.Experiment.Budgets.UnitText}" : "at the same budget";
        return $"""
            <p class="muted">Less {Text(baseline.Algorithm)} {at}, the same seeds and conditions; 95 % intervals over the pairs.</p>
            <div class="wide">
            <table>
            <tr><th>algorithm</th><th class="number">{outcome.Plan.Experiment.Budgets.UnitText}</th><th class="number">samples</th>{string.Concat(metrics.Select(metric => $"<th class=\"number\">{Text(cells.Title(metric))}</th>"))}</tr>
            {Join(shown.Select(cell => Row(cell)))}
            </table>
            </div>
            """;

        string Row(CellOutcome cell) =>
            $"<tr><th>{Text(cells.Label(cell))}</th><td class=\"number\">{Scale.Label(cell.Cell.Budget)}</td><td class=\"number\">{cell.Rows.Count}</td>"
            + string.Concat(metrics.Select(metric => cell.Differences.TryGetValue(metric, out var value) ? Cell(metric, value, outcome) : "<td></td>"))
            + "</tr>";
    }

    private static string Cell(string metric, MetricValue value, ExperimentOutcome outcome)
    {
        var higherIsBetter = outcome.Plan.Mesh.Verifiers.TryGetValue(metric, out var verifier) ? verifier.HigherIsBetter : MetricNames.HigherIsBetter(metric);
        var better = value.Interval.Mean > 0 == higherIsBetter;
        var kind = !value.Interval.ExcludesZero ? "" : better ? " good" : " bad";
        return $"<td class=\"number{kind}\">{ValueText.Difference(value.Interval)}</td>";
    }
}
