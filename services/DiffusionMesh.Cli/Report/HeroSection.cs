using DiffusionMesh.Cli.Documents;
using static DiffusionMesh.Cli.Report.ReportPage;

namespace DiffusionMesh.Cli.Report;

/// <summary>The best image at the top of the report and the numbers that matter most.</summary>
internal static class HeroSection
{
    public static string Write(SearchDocument document, SearchImages images) => $"""
        <section class="hero">
        {Best(document, images)}
        <div>
        <dl class="numbers">
        {Join(Numbers(document).Select(number => $"<div><dt>{Text(number.Name)}</dt><dd>{Text(number.Value)}<small>{Text(number.Note)}</small></dd></div>"))}
        </dl>
        {Others(document, images)}
        <h2>Run it again</h2>
        <pre>{string.Join(' ', SearchCommandLine.Words(document.Search.Spec).Select(Word))}</pre>
        </div>
        </section>
        """;

    private static string Best(SearchDocument document, SearchImages images) => document.Best is { } best && images.Best.Count > 0
        ? $"<figure>{Image(images.Best[0], $"The best image, candidate {best.Candidate}")}</figure>"
        : """<p class="muted">No candidate was scored: there is no best image.</p>""";

    private static IEnumerable<(string Name, string Value, string Note)> Numbers(SearchDocument document)
    {
        var nfe = document.Ledger.Nfe;
        foreach (var curve in ScoreCurve.Of(document))
        {
            var first = curve.Points.Count > 0 ? $"first candidate {SpecText.Score(curve.Points[0].Score)}" : "";
            yield return ($"{curve.Verifier.Name} {(curve.HeldOut ? "judgement" : "score")}", SpecText.Score(document.Best?.Scores.GetValueOrDefault(curve.Verifier.Name)), first);
        }

        var scored = document.Candidates.Count(candidate => candidate is { State: "scored", IsDraft: false });
        var drafts = document.Candidates.Count(candidate => candidate.IsDraft);
        yield return (
            "Candidates",
            SpecText.Count(scored),
            (document.Best is { } best ? $"chosen: {best.Candidate}" : "") + (drafts == 0 ? "" : $", after {SpecText.Count(drafts)} drafts"));
        yield return ("NFE of the search", SpecText.Count(nfe.Search), $"of a budget of {SpecText.Count(document.Search.Spec.BudgetNfe)}");
        yield return ("NFE of the final run", SpecText.Count(nfe.Final), nfe.Final == 0 ? "the winner is used as it is" : "");
        yield return ("Wall time", SpecText.Seconds(document.Ledger.WallSeconds), "");
    }

    /// <summary>A line may end before an option, never within its name.</summary>
    private static string Word(string word) => word.StartsWith("--", StringComparison.Ordinal) ? $"<span>{word}</span>" : Text(word);

    private static string Others(SearchDocument document, SearchImages images) => document.RunnersUp.Count == 0
        ? ""
        : $"""
        <div class="others">
        {Join(document.RunnersUp.Zip(images.Best.Skip(1), (other, png) =>
            $"<figure>{Image(png, $"Candidate {other.Candidate}")}<figcaption>{Text(other.Candidate)}<br>{SpecText.Score(other.SearchScore)}</figcaption></figure>"))}
        </div>
        """;
}
