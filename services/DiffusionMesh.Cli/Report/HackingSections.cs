using DiffusionMesh.Cli.Documents;
using static DiffusionMesh.Cli.Report.ReportPage;

namespace DiffusionMesh.Cli.Report;

/// <summary>What the held-out verifiers say of the search, round by round.</summary>
internal static class HackingSections
{
    /// <summary>Empty if no verifier was held out.</summary>
    public static string Write(SearchDocument document) => document.Hacking.Count == 0
        ? ""
        : $"""
        <section>
        <h2>Searched against held out</h2>
        {HackingFigure.Draw(document)}
        <p class="muted">Means over the best candidates so far, at most eight, in standard deviations over real images
        (over the first round where a verifier does not describe those).
        {Text(Verdict(document))}</p>
        <details>
        <summary>All {SpecText.Count(document.Hacking.Count)} rounds</summary>
        <table>
        <tr><th class="number">Round</th><th class="number">Searched</th><th class="number">Held out</th><th class="number">Gap</th><th class="number">Diversity</th><th>Warning</th></tr>
        {Join(document.Hacking.Select(Row))}
        </table>
        </details>
        </section>
        """;

    private static string Verdict(SearchDocument document) => (document.Search.StopReason, document.Hacking.Count(round => round.Warning)) switch
    {
        ("hacking", _) => "The search was stopped: its score went on rising while the held-out one stayed clearly below its best.",
        (_, 0) => "In no round did the one rise and the other fall.",
        (_, 1) => "In one round the searched score rose and the held-out one fell.",
        var (_, warnings) => $"In {warnings} rounds the searched score rose and the held-out one fell.",
    };

    private static string Row(HackingSection round) =>
        $"<tr><td class=\"number\">{round.Round}</td><td class=\"number\">{SpecText.Score(round.Searched)}</td>"
        + $"<td class=\"number\">{SpecText.Score(round.HeldOut)}</td><td class=\"number\">{SpecText.Score(round.Gap)}</td>"
        + $"<td class=\"number\">{SpecText.Score(round.Diversity)}</td><td>{(round.Warning ? "rose while it fell" : "")}</td></tr>";
}
