using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Outcomes;
using DiffusionMesh.Cli.Report;
using DiffusionMesh.Imaging;
using static DiffusionMesh.Cli.Report.ReportPage;

namespace DiffusionMesh.Cli.Experiments.Figures;

/// <summary>The same conditions and seed under every algorithm and selector, at one budget.</summary>
internal static class PicturesFigure
{
    public static string Draw(FigureChoice figure, ExperimentOutcome outcome)
    {
        var cells = new FigureCells(figure, outcome);
        var columns = cells.All.Where(cell => cell.Cell.Budget == cells.Budget)
            .OrderByDescending(cells.IsMoreSteps)
            .Select(cell => (Title: cells.Label(cell), Cell: cell))
            .ToList();
        if (columns.Count > 0 && Measurement.BaselineOf(columns[0].Cell.Cell, outcome.Plan) is { } baseline && baseline.Budget != cells.Budget
            && outcome.Cells.FirstOrDefault(cell => cell.Cell == baseline) is { } compared)
        {
            columns.Insert(0, ($"baseline, {Scale.Label(baseline.Budget)} {outcome.Plan.Experiment.Budgets.UnitText}", compared));
        }

        var seed = outcome.Plan.Experiment.Seeds[0];
        return $"""
            <p class="muted">{Scale.Label(cells.Budget)} {outcome.Plan.Experiment.Budgets.UnitText} a sample; the first seed, not chosen by hand.</p>
            <div class="wide">
            <table class="pictures">
            <thead><tr><th></th>{string.Concat(columns.Select(column => $"<th>{Text(column.Title)}</th>"))}</tr></thead>
            {Join(outcome.Plan.Conditions.Take(figure.Conditions).Select(condition =>
                $"<tr><th>{Text(condition.Label)}</th>{string.Concat(columns.Select(column => Cell(column.Cell, condition.Number, seed, outcome)))}</tr>"))}
            </table>
            </div>
            """;
    }

    private static string Cell(CellOutcome cell, int condition, ulong seed, ExperimentOutcome outcome)
    {
        var row = cell.Rows.FirstOrDefault(row => row.Planned.Condition.Number == condition && row.Planned.Seed == seed);
        if (row is null || outcome.Store.Pixels(row.Run, row.Chosen) is not { } pixels)
        {
            return "<td></td>";
        }

        var shape = row.Run.ImageShape;
        var image = CandidateImage.Of(new PixelImage(shape[1], shape[0], shape[2], pixels));
        return $"<td>{Image(image.Png, row.Planned.Condition.Label)}</td>";
    }
}
