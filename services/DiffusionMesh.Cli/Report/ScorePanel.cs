using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace DiffusionMesh.Cli.Report;

/// <summary>One panel of the figure: candidates as dots, the best so far as steps, with ticks and titles on both axes.</summary>
internal static class ScorePanel
{
    public const double Height = 350;
    public const double Left = 66;
    private const double Right = ScoreFigure.Width - 26;
    private const double LegendHeight = 26;
    private const double AxisHeight = 56;

    /// <param name="curve">What to draw.</param>
    /// <param name="winner">The candidate that the search chose, if any.</param>
    /// <param name="top">Upper edge, in pixels.</param>
    public static XElement Draw(ScoreCurve curve, string? winner, double top)
    {
        var (upper, lower) = (top + LegendHeight, top + Height - AxisHeight);
        var x = Axis.Over(0, Math.Max(curve.NfeTotal, 1), 8, Left, Right, wholeSteps: false, smallestStep: 1);
        var panel = new XElement(Svg.Name("g"));
        if (curve.Points.Count == 0)
        {
            panel.Add(Svg.Text((Left + Right) / 2, (upper + lower) / 2, "no candidate was scored", "muted", "middle", 14));
            return panel;
        }

        var real = RealMeanInView(curve);
        var shown = curve.Points.Select(point => point.Score).Concat(real is { } mean ? [mean] : []).ToArray();
        var y = Axis.Over(shown.Min(), shown.Max(), 6, lower, upper, wholeSteps: true);
        panel.Add(Grid(x, y, upper, lower));
        panel.Add(Svg.Text((Left + Right) / 2, lower + 44, "NFE spent by the search", "ink", "middle", 13));
        panel.Add(Svg.Text(Left - 46, (upper + lower) / 2, $"{curve.Verifier.Name} score{(curve.HeldOut ? " (held out)" : "")}", "ink", "middle", 13, rotation: -90));
        panel.Add(Legend(top + 8, curve.HeldOut, real is not null));
        if (real is { } level)
        {
            panel.Add(Svg.Line(Left, y.Position(level), Right, y.Position(level), "real", 1.4, "6 4"));
        }

        panel.Add(curve.Points.Select(point => Svg.Dot(
            x.Position(point.Nfe), y.Position(point.Score), curve.Points.Count > 300 ? 1.6 : 2.6, "dot", Title(point))));
        if (!curve.HeldOut)
        {
            panel.Add(Svg.Path(Steps(curve, x, y), "curve", 2.4));
        }

        if (curve.Points.FirstOrDefault(point => point.Candidate == winner) is { } chosen)
        {
            panel.Add(Winner(chosen, x, y, upper));
        }

        return panel;
    }

    /// <summary>The mean over real images, unless showing it would squeeze the candidates into less than half the panel.</summary>
    private static double? RealMeanInView(ScoreCurve curve)
    {
        var (low, high) = (curve.Points.Min(point => point.Score), curve.Points.Max(point => point.Score));
        return curve.Verifier.RealMean is { } mean && Math.Max(high, mean) - Math.Min(low, mean) <= 2 * (high - low) ? mean : null;
    }

    private static IEnumerable<XElement> Grid(Axis x, Axis y, double upper, double lower)
    {
        foreach (var tick in y.Ticks)
        {
            yield return Svg.Line(Left, y.Position(tick), Right, y.Position(tick), "grid", 1);
            yield return Svg.Text(Left - 9, y.Position(tick) + 4, y.Label(tick), "ink", "end", 12);
        }

        foreach (var tick in x.Ticks)
        {
            yield return Svg.Line(x.Position(tick), lower, x.Position(tick), lower + 5, "ink", 1);
            yield return Svg.Text(x.Position(tick), lower + 20, x.Label(tick), "ink", "middle", 12);
        }

        yield return Svg.Line(Left, lower, Right, lower, "ink", 1.2);
        yield return Svg.Line(Left, lower, Left, upper, "ink", 1.2);
    }

    private static IEnumerable<XElement> Legend(double y, bool heldOut, bool real)
    {
        if (!heldOut)
        {
            yield return Svg.Line(Left, y, Left + 22, y, "curve", 2.4);
            yield return Svg.Text(Left + 28, y + 4, "best so far", "ink", "start", 12);
        }

        var left = heldOut ? Left - 110 : Left;
        yield return Svg.Dot(left + 116, y, 2.6, "dot", "candidate");
        yield return Svg.Text(left + 125, y + 4, "candidate", "ink", "start", 12);
        yield return Svg.Dot(left + 205, y, 4.2, "winner", "chosen");
        yield return Svg.Text(left + 215, y + 4, "chosen", "ink", "start", 12);
        if (real)
        {
            yield return Svg.Line(left + 276, y, left + 298, y, "real", 1.4, "6 4");
            yield return Svg.Text(left + 304, y + 4, "mean over real images", "ink", "start", 12);
        }
    }

    /// <summary>Runs level from one improvement to the next and to the end of the search.</summary>
    private static string Steps(ScoreCurve curve, Axis x, Axis y)
    {
        var path = new StringBuilder();
        foreach (var point in curve.Best)
        {
            path.Append(path.Length == 0
                ? $"M{Svg.Number(x.Position(point.Nfe))} {Svg.Number(y.Position(point.Score))}"
                : $"H{Svg.Number(x.Position(point.Nfe))}V{Svg.Number(y.Position(point.Score))}");
        }

        return path.Append(CultureInfo.InvariantCulture, $"H{Svg.Number(x.Position(curve.NfeTotal))}").ToString();
    }

    private static IEnumerable<XElement> Winner(ScoredPoint chosen, Axis x, Axis y, double upper)
    {
        var (px, py) = (x.Position(chosen.Nfe), y.Position(chosen.Score));
        var anchor = px > (Left + Right) / 2 ? "end" : "start";
        yield return Svg.Dot(px, py, 4.2, "winner", Title(chosen));
        yield return Svg.Text(
            px + (anchor == "end" ? -2 : 2),
            py - 9 > upper ? py - 9 : py + 18,
            $"{SpecText.Score(chosen.Score)}, candidate {chosen.Candidate}",
            "winner",
            anchor,
            12,
            bold: true);
    }

    private static string Title(ScoredPoint point) =>
        $"candidate {point.Candidate}: {SpecText.Score(point.Score)} at {point.Nfe.ToString(CultureInfo.InvariantCulture)} NFE";
}
