using System.Xml.Linq;
using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Outcomes;
using DiffusionMesh.Cli.Report;

namespace DiffusionMesh.Cli.Experiments.Figures;

/// <summary>Metrics against budget, candidates or guidance, a panel a metric.</summary>
internal static class LinesFigure
{
    private const double Width = 720;
    private const double LegendRow = 20;
    private const double LegendColumn = 235;
    private const double Top = 8;

    public static string Draw(FigureChoice figure, ExperimentOutcome outcome)
    {
        var cells = new FigureCells(figure, outcome);
        var curves = Curve.All(cells, outcome);
        var metrics = cells.Metrics.Where(metric => curves.Any(curve => curve.Of(metric).Any())).ToArray();
        var legendHeight = Top + (Math.Ceiling(curves.Count / 3.0) * LegendRow) + 6;
        var height = legendHeight + (Math.Max(1, Math.Ceiling(metrics.Length / 2.0)) * LinesPanel.Height);
        var drawing = new XElement(
            Svg.Name("svg"),
            new XAttribute("viewBox", $"0 0 {Svg.Number(Width)} {Svg.Number(height)}"),
            new XAttribute("width", Svg.Number(Width)),
            new XAttribute("height", Svg.Number(height)),
            new XAttribute("font-family", "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif"),
            new XAttribute("role", "img"),
            new XElement(Svg.Name("title"), figure.Title),
            new XElement(
                Svg.Name("rect"),
                new XAttribute("class", "paper"),
                new XAttribute("width", "100%"),
                new XAttribute("height", "100%"),
                new XAttribute("fill", "#ffffff")));
        drawing.Add(curves.Select(curve => Legend(curve)));
        if (metrics.Length == 0)
        {
            drawing.Add(Svg.Text(Width / 2, legendHeight + (LinesPanel.Height / 2), "nothing was measured yet", "muted", "middle", 14));
        }

        drawing.Add(metrics.Select((metric, place) => LinesPanel.Draw(
            metric,
            cells.Title(metric),
            XTitle(figure.X, outcome),
            curves,
            place % 2 * LinesPanel.Width,
            legendHeight + (place / 2 * LinesPanel.Height),
            figure.X != HorizontalAxis.Guidance)));
        return drawing.ToString() + "\n";
    }

    private static IEnumerable<XElement> Legend(Curve curve)
    {
        var (x, y) = (14 + (curve.Number % 3 * LegendColumn), Top + (curve.Number / 3 * LegendRow) + 8);
        yield return Svg.Line(x, y, x + 28, y, curve.Colour, 2, curve.IsMoreSteps ? LinesPanel.Dashes : null);
        yield return LinesPanel.Mark(curve, x + 14, y, curve.Label);
        yield return Svg.Text(x + 34, y + 4, SpecText.Shorten(curve.Label, 32), "ink", "start", 12);
    }

    private static string XTitle(HorizontalAxis axis, ExperimentOutcome outcome) => axis switch
    {
        HorizontalAxis.Guidance => "guidance weight w",
        HorizontalAxis.Candidates => "candidates a sample",
        _ => outcome.Plan.Experiment.Budgets.Unit switch
        {
            BudgetUnit.Nfe => "NFE a sample",
            BudgetUnit.Rows => "network rows a sample",
            BudgetUnit.Flops => "network FLOPs a sample",
            _ => "seconds a sample, verifiers included",
        },
    };
}
