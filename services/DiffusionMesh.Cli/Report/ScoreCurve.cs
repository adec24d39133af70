using DiffusionMesh.Cli.Documents;

namespace DiffusionMesh.Cli.Report;

/// <summary>A score and the search NFE spent when it was known, in the order of proposal.</summary>
internal sealed record ScoredPoint(string Candidate, long Nfe, double Score);

/// <summary>The scores of a search under one verifier, against what they cost.</summary>
/// <param name="Verifier">The verifier that scored.</param>
/// <param name="Points">Every finished candidate that it scored: drafts only add to the NFE.</param>
/// <param name="Best">The candidates that were better than all before them; empty under a verifier that is held out.</param>
/// <param name="NfeTotal">Search NFE spent in all.</param>
internal sealed record ScoreCurve(
    VerifierSection Verifier,
    IReadOnlyList<ScoredPoint> Points,
    IReadOnlyList<ScoredPoint> Best,
    long NfeTotal)
{
    /// <summary>Whether the verifier only judges.</summary>
    public bool HeldOut { get; private init; }

    public static IReadOnlyList<ScoreCurve> Of(SearchDocument document) =>
        [.. document.Verifiers.Select(verifier => Of(
            document.Candidates,
            verifier,
            document.Search.Spec.Verifiers.Any(selection => selection.HeldOut && selection.Name == verifier.Name)))];

    private static ScoreCurve Of(IReadOnlyList<CandidateSection> candidates, VerifierSection verifier, bool heldOut)
    {
        var points = new List<ScoredPoint>(candidates.Count);
        var best = new List<ScoredPoint>();
        long nfe = 0;
        foreach (var candidate in candidates)
        {
            nfe += candidate.Nfe;
            if (candidate.IsDraft || candidate.Scores.GetValueOrDefault(verifier.Name) is not { } score)
            {
                continue;
            }

            var point = new ScoredPoint(candidate.Id, nfe, score);
            points.Add(point);
            if (!heldOut && (best.Count == 0 || (verifier.HigherIsBetter ? score > best[^1].Score : score < best[^1].Score)))
            {
                best.Add(point);
            }
        }

        return new ScoreCurve(verifier, points, best, nfe) { HeldOut = heldOut };
    }
}
