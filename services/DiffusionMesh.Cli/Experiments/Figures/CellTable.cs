using DiffusionMesh.Cli.Experiments.Outcomes;
using static DiffusionMesh.Cli.Report.ReportPage;

namespace DiffusionMesh.Cli.Experiments.Figures;

/// <summary>Every cell with all that was measured, folded until it is asked for.</summary>
internal static class CellTable
{
    public static string Write(ExperimentOutcome outcome)
    {
        var metrics = outcome.Cells.SelectMany(cell => cell.Metrics.Keys).Distinct().ToArray();
        return $"""
            <section>
            <details>
            <summary>All {outcome.Cells.Count} cells</summary>
            <div class="wide">
            <table>
            <tr><th>model</th><th class="number">w</th><th>algorithm</th><th>selected by</th><th class="number">{outcome.Plan.Experiment.Budgets.UnitText}</th><th class="number">samples</th>{string.Concat(metrics.Select(metric => $"<th class=\"number\">{Text(metric)}</th>"))}</tr>
            {Join(outcome.Cells.Select(cell => Row(cell, metrics)))}
            </table>
            </div>
            </details>
            </section>
            """;
    }

    private static string Row(CellOutcome cell, string[] metrics) =>
        $"<tr><td>{Text(cell.Cell.Model)}</td><td class=\"number\">{Scale.Label(cell.Cell.Guidance)}</td><td>{Text(cell.Cell.Algorithm)}</td>"
        + $"<td>{Text(cell.Cell.Select)}</td><td class=\"number\">{Scale.Label(cell.Cell.Budget)}</td><td class=\"number\">{cell.Rows.Count}</td>"
        + string.Concat(metrics.Select(metric => cell.Metrics.TryGetValue(metric, out var value)
            ? $"<td class=\"number\">{ValueText.WithReach(value.Interval)}</td>"
            : "<td></td>"))
        + "</tr>";
}
