using System.Xml.Linq;
using DiffusionMesh.Cli.Documents;

namespace DiffusionMesh.Cli.Report;

/// <summary>The searched and the held-out score of the survivors, round by round; rounds that warn are marked.</summary>
internal static class HackingFigure
{
    private const double Width = ScoreFigure.Width;
    private const double Height = 260;
    private const double Left = 66;
    private const double Right = Width - 26;
    private const double Upper = 34;
    private const double Lower = Height - 52;

    /// <param name="document">With at least one round that was judged.</param>
    public static XElement Draw(SearchDocument document)
    {
        var rounds = document.Hacking;
        var x = Axis.Over(rounds[0].Round, Math.Max(rounds[^1].Round, rounds[0].Round + 1), 10, Left, Right, wholeSteps: false, smallestStep: 1);
        var values = rounds.SelectMany(round => new[] { round.Searched, round.HeldOut }).ToArray();
        var y = Axis.Over(values.Min(), values.Max(), 5, Lower, Upper, wholeSteps: true);
        return new XElement(
            Svg.Name("svg"),
            new XAttribute("viewBox", $"0 0 {Svg.Number(Width)} {Svg.Number(Height)}"),
            new XAttribute("font-family", "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif"),
            new XAttribute("role", "img"),
            new XElement(Svg.Name("title"), "Searched against held-out score, by round"),
            Grid(x, y),
            Legend(),
            Curve(rounds, x, y, round => round.HeldOut, "real"),
            Curve(rounds, x, y, round => round.Searched, "curve"),
            rounds.Where(round => round.Warning).Select(round => Svg.Dot(
                x.Position(round.Round), y.Position(round.HeldOut), 4.2, "winner", $"round {round.Round}: searched rose, held out fell")));
    }

    private static IEnumerable<XElement> Grid(Axis x, Axis y)
    {
        foreach (var tick in y.Ticks)
        {
            yield return Svg.Line(Left, y.Position(tick), Right, y.Position(tick), "grid", 1);
            yield return Svg.Text(Left - 9, y.Position(tick) + 4, y.Label(tick), "ink", "end", 12);
        }

        foreach (var tick in x.Ticks)
        {
            yield return Svg.Text(x.Position(tick), Lower + 20, x.Label(tick), "ink", "middle", 12);
        }

        yield return Svg.Line(Left, Lower, Right, Lower, "ink", 1.2);
        yield return Svg.Text((Left + Right) / 2, Lower + 42, "round", "ink", "middle", 13);
        yield return Svg.Text(Left - 46, (Upper + Lower) / 2, "z-score", "ink", "middle", 13, rotation: -90);
    }

    private static IEnumerable<XElement> Legend()
    {
        yield return Svg.Line(Left, 12, Left + 22, 12, "curve", 2.4);
        yield return Svg.Text(Left + 28, 16, "searched", "ink", "start", 12);
        yield return Svg.Line(Left + 102, 12, Left + 124, 12, "real", 2.4);
        yield return Svg.Text(Left + 130, 16, "held out", "ink", "start", 12);
        yield return Svg.Dot(Left + 202, 12, 4.2, "winner", "warning");
        yield return Svg.Text(Left + 212, 16, "searched rose, held out fell", "ink", "start", 12);
    }

    private static XElement Curve(IReadOnlyList<HackingSection> rounds, Axis x, Axis y, Func<HackingSection, double> value, string colour)
    {
        var points = rounds.Select(round => $"{Svg.Number(x.Position(round.Round))} {Svg.Number(y.Position(value(round)))}").ToArray();
        return Svg.Path($"M{string.Join('L', points)}{(points.Length == 1 ? "h4" : "")}", colour, 2.4);
    }
}
