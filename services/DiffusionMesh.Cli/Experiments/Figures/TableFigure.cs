using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Outcomes;
using static DiffusionMesh.Cli.Report.ReportPage;

namespace DiffusionMesh.Cli.Experiments.Figures;

/// <summary>What selects down, algorithms across, at one budget; what was not searched for beside it.</summary>
internal static class TableFigure
{
    public static string Draw(FigureChoice figure, ExperimentOutcome outcome)
    {
        var cells = new FigureCells(figure, outcome);
        var shown = cells.All.Where(cell => cell.Cell.Budget == cells.Budget).ToArray();
        var unsearched = cells.All.Where(cell => cell.Cell.Select.Length == 0 && cell.Cell.Budget == cells.Budget)
            .Select(cell => (Title: "more steps", Cell: cell))
            .ToList();
        var first = shown.FirstOrDefault();
        if (first is not null && Measurement.BaselineOf(first.Cell, outcome.Plan) is { } baseline && unsearched.All(item => item.Cell.Cell != baseline)
            && outcome.Cells.FirstOrDefault(cell => cell.Cell == baseline) is { } compared && compared.Cell.Budget != cells.Budget)
        {
            unsearched.Insert(0, ($"baseline, {Scale.Label(baseline.Budget)} {outcome.Plan.Experiment.Budgets.UnitText}", compared));
        }

        var searches = shown.Where(cell => cell.Cell.Select.Length > 0).ToArray();
        var algorithms = searches.Select(cell => cell.Cell.Algorithm).Distinct().ToArray();
        var selectors = searches.Select(cell => cell.Cell.Select).Distinct().ToArray();
        return $"""
            <div class="wide">
            <table>
            <tr><th>selected by</th><th>measured</th>{string.Concat(unsearched.Select(item => $"<th class=\"number\">{Text(item.Title)}</th>"))}{string.Concat(algorithms.Select(name => $"<th class=\"number\">{Text(name)}</th>"))}</tr>
            {Join(selectors.SelectMany(selector => cells.Metrics.Select((metric, place) => Row(selector, metric, place)).Where(row => row.Length > 0)))}
            </table>
            </div>
            """;

        string Row(string selector, string metric, int place)
        {
            var columns = unsearched.Select(item => item.Cell)
                .Concat(algorithms.Select(algorithm => searches.FirstOrDefault(cell => cell.Cell.Algorithm == algorithm && cell.Cell.Select == selector)));
            var values = columns.Select(cell => Value(cell, metric, selector, outcome)).ToArray();
            return values.All(value => value.Length == 0)
                ? ""
                : $"<tr{(place == 0 ? " class=\"group\"" : "")}><th>{(place == 0 ? Text(selector) : "")}</th><td>{Text(cells.Title(metric))}</td>"
                    + string.Concat(values.Select(value => value.Length == 0 ? "<td></td>" : value)) + "</tr>";
        }
    }

    private static string Value(CellOutcome? cell, string metric, string selector, ExperimentOutcome outcome)
    {
        if (cell is null || !cell.Metrics.TryGetValue(metric, out var value))
        {
            return "";
        }

        var searched = cell.Cell.Select.Length > 0 && outcome.Plan.Experiment.Selectors
            .First(known => known.Label == selector).Verifiers.Any(verifier => verifier.Name == metric);
        return $"<td class=\"number{(searched ? " good" : "")}\">{ValueText.WithReach(value.Interval)}</td>";
    }
}
