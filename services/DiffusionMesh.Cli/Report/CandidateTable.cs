using DiffusionMesh.Cli.Documents;
using static DiffusionMesh.Cli.Report.ReportPage;

namespace DiffusionMesh.Cli.Report;

/// <summary>Every candidate in the order of proposal, folded until it is asked for.</summary>
internal static class CandidateTable
{
    public static string Write(SearchDocument document)
    {
        var verifiers = document.Search.Spec.Verifiers.Select(verifier => verifier.Name).ToArray();
        return $"""
            <section>
            <details>
            <summary>All {SpecText.Count(document.Candidates.Count)} candidates in the order of proposal</summary>
            <div class="wide">
            <table>
            <tr><th>Candidate</th><th class="number">Round</th><th>Parent</th><th>Noise (seed/lineage)</th><th class="number">Levels</th><th class="number">NFE</th><th class="number">NFE of its path</th>{string.Concat(verifiers.Select(name => $"<th class=\"number\">{Text(name)}</th>"))}<th>State</th></tr>
            {Join(document.Candidates.Select(candidate => Row(candidate, verifiers, candidate.Id == document.Best?.Candidate)))}
            </table>
            </div>
            </details>
            </section>
            """;
    }

    private static string Row(CandidateSection candidate, string[] verifiers, bool chosen) =>
        $"<tr{(chosen ? " class=\"chosen\"" : "")}><td>{Text(candidate.Id)}</td><td class=\"number\">{candidate.Round}</td>"
        + $"<td>{Text(candidate.Parent)}</td><td>{Text(SpecText.Start(candidate))}</td><td class=\"number\">{SpecText.Levels(candidate)}</td>"
        + $"<td class=\"number\">{SpecText.Count(candidate.Nfe)}</td><td class=\"number\">{SpecText.Count(candidate.NfePath)}</td>"
        + string.Concat(verifiers.Select(verifier => $"<td class=\"number\">{Score(candidate, verifier)}</td>"))
        + $"<td>{Text(SpecText.State(candidate.State))}</td></tr>";

    private static string Score(CandidateSection candidate, string verifier) =>
        candidate.ScoreErrors?.GetValueOrDefault(verifier) is { } error
            ? Text(error)
            : SpecText.Score(candidate.Scores.GetValueOrDefault(verifier));
}
