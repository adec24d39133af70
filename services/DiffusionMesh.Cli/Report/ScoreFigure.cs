using System.Xml.Linq;
using DiffusionMesh.Cli.Documents;

namespace DiffusionMesh.Cli.Report;

/// <summary>The figure <c>score-nfe.svg</c>: the best score so far against the NFE spent, a panel for each verifier.</summary>
/// <remarks>
/// Colours are attributes, so that every viewer and printer shows them; the report restyles the same classes for dark
/// pages.
/// </remarks>
internal static class ScoreFigure
{
    public const double Width = 720;
    private const double HeaderHeight = 66;

    public static string Draw(SearchDocument document)
    {
        var curves = ScoreCurve.Of(document);
        var height = HeaderHeight + (Math.Max(curves.Count, 1) * ScorePanel.Height);
        var figure = new XElement(
            Svg.Name("svg"),
            new XAttribute("viewBox", $"0 0 {Svg.Number(Width)} {Svg.Number(height)}"),
            new XAttribute("width", Svg.Number(Width)),
            new XAttribute("height", Svg.Number(height)),
            new XAttribute("font-family", "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif"),
            new XAttribute("role", "img"),
            new XElement(Svg.Name("title"), $"Best score against NFE: {SpecText.Subject(document)}"),
            new XElement(
                Svg.Name("rect"),
                new XAttribute("class", "paper"),
                new XAttribute("width", Svg.Number(Width)),
                new XAttribute("height", Svg.Number(height)),
                new XAttribute("fill", "#ffffff")),
            Svg.Text(ScorePanel.Left, 28, "Best score against NFE", "ink", "start", 17, bold: true),
            Svg.Text(ScorePanel.Left, 49, Subtitle(document), "muted", "start", 13));
        figure.Add(curves.Select((curve, index) => ScorePanel.Draw(
            curve, document.Best?.Candidate, HeaderHeight + (index * ScorePanel.Height))));
        if (curves.Count == 0)
        {
            figure.Add(Svg.Text(Width / 2, HeaderHeight + (ScorePanel.Height / 2), "no verifier answered", "muted", "middle", 14));
        }

        return figure.ToString() + "\n";
    }

    private static string Subtitle(SearchDocument document)
    {
        var spec = document.Search.Spec;
        var drafts = SpecText.DraftsLeftOut(document);
        return $"{SpecText.Shorten(SpecText.Subject(document), 60)} · {spec.Algorithm} search · seed {spec.Seed}{(drafts.Length == 0 ? "" : $" · {drafts}")}";
    }
}
