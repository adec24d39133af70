using System.Globalization;
using System.Text;

namespace DiffusionMesh.Benchmarks.Scaling;

/// <summary>Efficiency over the number of denoisers, a line for each step time.</summary>
internal static class ScalingPlot
{
    private const double Goal = 0.9;
    private const double Left = 50;
    private const double Top = 20;
    private const double Width = 520;
    private const double Height = 240;

    private static readonly string[] Colours = ["#c2410c", "#1d4ed8", "#15803d"];

    /// <param name="rows">By step time, then by the number of denoisers.</param>
    /// <returns>An SVG document.</returns>
    public static string Of(IReadOnlyList<ScalingRow> rows)
    {
        var svg = new StringBuilder();
        svg.AppendLine("""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 310" font-family="sans-serif" font-size="12" fill="#333">""");
        svg.AppendLine("""<rect width="700" height="310" fill="#fff"/>""");
        var most = Math.Log2(rows.Max(row => row.Setting.Pods));
        foreach (var part in new[] { 0, .2, .4, .6, .8, 1 })
        {
            svg.AppendLine(Line(Left, Y(part), Left + Width, Y(part), "#ddd", ""));
            svg.AppendLine(Text(Left - 8, Y(part) + 4, "end", part.ToString("0.0", CultureInfo.InvariantCulture)));
        }

        foreach (var pods in rows.Select(row => row.Setting.Pods).Distinct())
        {
            svg.AppendLine(Text(X(pods), Top + Height + 18, "middle", pods.ToString(CultureInfo.InvariantCulture)));
        }

        svg.AppendLine(Text(Left + (Width / 2), Top + Height + 38, "middle", "denoisers"));
        svg.AppendLine(Text(Left, Top - 6, "start", "least possible time / time of the search"));
        svg.AppendLine(Line(Left, Y(Goal), Left + Width, Y(Goal), "#888", """ stroke-dasharray="6 4" """));
        svg.AppendLine(Text(Left + Width + 10, Y(Goal) + 4, "start", "goal at 20 ms: 0.9"));
        foreach (var (i, line) in rows.GroupBy(row => row.Setting.StepMilliseconds).Index())
        {
            var points = line.Select(row => string.Create(CultureInfo.InvariantCulture, $"{X(row.Setting.Pods):0.0},{Y(row.Efficiency):0.0}")).ToArray();
            svg.AppendLine($"""<polyline points="{string.Join(' ', points)}" fill="none" stroke="{Colours[i % Colours.Length]}" stroke-width="2"/>""");
            foreach (var point in points)
            {
                var at = point.Split(',');
                svg.AppendLine($"""<circle cx="{at[0]}" cy="{at[1]}" r="3.5" fill="{Colours[i % Colours.Length]}"/>""");
            }

            svg.AppendLine($"""<g fill="{Colours[i % Colours.Length]}">{Text(Left + Width + 10, Top + 60 + (18 * i), "start", $"steps of {line.Key} ms")}</g>""");
        }

        return svg.AppendLine("</svg>").ToString();

        double X(int pods) => Left + (most == 0 ? 0 : Width * Math.Log2(pods) / most);
    }

    private static double Y(double efficiency) => Top + (Height * (1 - efficiency));

    private static string Line(double x1, double y1, double x2, double y2, string colour, string style) => string.Create(
        CultureInfo.InvariantCulture, $"""<line x1="{x1:0.0}" y1="{y1:0.0}" x2="{x2:0.0}" y2="{y2:0.0}" stroke="{colour}"{style}/>""");

    private static string Text(double x, double y, string anchor, string text) => string.Create(
        CultureInfo.InvariantCulture, $"""<text x="{x:0.0}" y="{y:0.0}" text-anchor="{anchor}">{text}</text>""");
}
