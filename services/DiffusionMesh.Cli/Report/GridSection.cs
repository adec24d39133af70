using DiffusionMesh.Cli.Documents;
using static DiffusionMesh.Cli.Report.ReportPage;

namespace DiffusionMesh.Cli.Report;

/// <summary>The candidates as pictures, best first.</summary>
internal static class GridSection
{
    public static string Write(SearchDocument document, SearchImages images)
    {
        var shown = SearchImages.InGrid(document).Where(candidate => images.Candidates.ContainsKey(candidate.Id)).ToArray();
        return shown.Length == 0
            ? ""
            : $"""
            <section>
            <h2>{Title(shown.Length, document.Candidates.Count(candidate => !candidate.IsDraft))}</h2>
            {Drafts(document)}
            <div class="grid">
            {Join(shown.Select(candidate => Cell(candidate, images.Candidates[candidate.Id], candidate.Id == document.Best?.Candidate)))}
            </div>
            </section>
            """;
    }

    private static string Title(int shown, int all) =>
        shown == all ? "Candidates, best first" : $"The best {shown} of {SpecText.Count(all)} candidates";

    private static string Drafts(SearchDocument document) => SpecText.DraftsLeftOut(document) is { Length: > 0 } drafts
        ? $"""<p class="muted">{drafts}: they show predictions on the way, and can never be the best. The table below lists them.</p>"""
        : "";

    private static string Scores(CandidateSection candidate) =>
        candidate.Scores.Count == 0 ? "no score" : string.Join("<br>", candidate.Scores.Values.Select(SpecText.Score));

    private static string Cell(CandidateSection candidate, CandidateImage image, bool chosen) =>
        $"<figure{(chosen ? " class=\"chosen\"" : "")}>{Image(image.Png, $"Candidate {candidate.Id}")}"
        + $"<figcaption>{Scores(candidate)}<br><span class=\"muted\">{Text(candidate.Id)}</span></figcaption></figure>";
}
