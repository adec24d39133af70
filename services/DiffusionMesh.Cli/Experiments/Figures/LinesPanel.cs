using System.Globalization;
using System.Xml.Linq;
using DiffusionMesh.Cli.Report;
using DiffusionMesh.Metrics;

namespace DiffusionMesh.Cli.Experiments.Figures;

/// <summary>One metric: a curve with marks and 95 % bars for each series.</summary>
internal static class LinesPanel
{
    public const double Width = 360;
    public const double Height = 262;
    public const string Dashes = "6 4";
    private const double Left = 58;
    private const double Right = 12;
    private const double Header = 28;
    private const double Footer = 46;
    private const double Cap = 3;

    // Bars of several curves at one value stand side by side.
    private const double Aside = 3.5;

    /// <param name="left">Left edge, in pixels.</param>
    /// <param name="top">Upper edge, in pixels.</param>
    public static XElement Draw(
        string metric, string title, string xTitle, IReadOnlyList<Curve> curves, double left, double top, bool mayBeLogarithmic)
    {
        var (upper, lower) = (top + Header, top + Height - Footer);
        var (start, end) = (left + Left, left + Width - Right);
        var points = curves.SelectMany(curve => curve.Of(metric)).ToArray();
        var x = new Scale(points.Select(point => point.X), start, end, mayBeLogarithmic);
        var shown = points.SelectMany(point => new[] { Low(point.Value), High(point.Value) }).ToArray();
        var y = Axis.Over(shown.Min(), shown.Max(), 5, lower, upper, wholeSteps: true);
        var panel = new XElement(Svg.Name("g"), Svg.Text(start, top + 16, title, "ink", "start", 13, bold: true));
        foreach (var tick in y.Ticks)
        {
            panel.Add(Svg.Line(start, y.Position(tick), end, y.Position(tick), "grid", 1));
            panel.Add(Svg.Text(start - 6, y.Position(tick) + 4, y.Label(tick), "ink", "end", 11));
        }

        foreach (var tick in x.Ticks)
        {
            panel.Add(Svg.Line(x.Position(tick), lower, x.Position(tick), lower + 4, "ink", 1));
            panel.Add(Svg.Text(x.Position(tick), lower + 17, Scale.Label(tick), "ink", "middle", 11));
        }

        panel.Add(Svg.Line(start, lower, end, lower, "ink", 1.2));
        panel.Add(Svg.Text((start + end) / 2, lower + 34, xTitle, "ink", "middle", 12));
        panel.Add(curves.Select(curve => Draw(curve, (curve.Number - ((curves.Count - 1) / 2.0)) * Aside, [.. curve.Of(metric)], x, y)));
        return panel;
    }

    /// <summary>The mark of a curve: shapes differ so that it can be told apart without colour.</summary>
    public static XElement Mark(Curve curve, double x, double y, string title)
    {
        const double R = 3.4;
        string At(double dx, double dy) => $"{Svg.Number(x + dx)} {Svg.Number(y + dy)}";
        return (curve.Number % 4) switch
        {
            0 => Svg.Dot(x, y, R, curve.Colour, title),
            1 => Svg.Shape($"M{At(-R, -R)}L{At(R, -R)}L{At(R, R)}L{At(-R, R)}Z", curve.Colour, title),
            2 => Svg.Shape($"M{At(0, -R * 1.3)}L{At(R * 1.2, R)}L{At(-R * 1.2, R)}Z", curve.Colour, title),
            _ => Svg.Shape($"M{At(0, -R * 1.4)}L{At(R * 1.4, 0)}L{At(0, R * 1.4)}L{At(-R * 1.4, 0)}Z", curve.Colour, title),
        };
    }

    private static IEnumerable<XElement> Draw(Curve curve, double aside, (double X, Interval Value)[] points, Scale x, Axis y)
    {
        if (points.Length == 0)
        {
            yield break;
        }

        var path = string.Concat(points.Select((point, index) =>
            $"{(index == 0 ? 'M' : 'L')}{Svg.Number(x.Position(point.X) + aside)} {Svg.Number(y.Position(point.Value.Mean))}"));
        yield return Svg.Path(path, curve.Colour, 1.8, curve.IsMoreSteps ? Dashes : null);
        foreach (var (at, value) in points)
        {
            var (px, low, high) = (x.Position(at) + aside, y.Position(Low(value)), y.Position(High(value)));
            if (low != high)
            {
                yield return Svg.Line(px, low, px, high, curve.Colour, 1);
                yield return Svg.Line(px - Cap, low, px + Cap, low, curve.Colour, 1);
                yield return Svg.Line(px - Cap, high, px + Cap, high, curve.Colour, 1);
            }

            yield return Mark(curve, px, y.Position(value.Mean), string.Create(
                CultureInfo.InvariantCulture, $"{curve.Label}: {value.Mean:0.####} [{value.Low:0.####}, {value.High:0.####}] at {Scale.Label(at)}"));
        }
    }

    private static double Low(Interval value) => double.IsFinite(value.Low) ? value.Low : value.Mean;

    private static double High(Interval value) => double.IsFinite(value.High) ? value.High : value.Mean;
}
