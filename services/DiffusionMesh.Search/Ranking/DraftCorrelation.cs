using System.Collections.Immutable;

namespace DiffusionMesh.Search.Ranking;

/// <summary>How well the scores of drafts foretold those of the samples that came of them.</summary>
/// <param name="Level">Noise level at which the drafts ended.</param>
/// <param name="Pairs">Drafts that were gone on from, without further noise, to a finished sample.</param>
/// <param name="Spearman">Rank correlation of the two scores over the pairs; null where nothing is ordered.</param>
/// <remarks>
/// Only drafts that were finished count. Where an algorithm finishes the best ones alone, that narrows the scores and lowers
/// the correlation: it is that among survivors.
/// </remarks>
public sealed record DraftCorrelation(double Level, int Pairs, double? Spearman)
{
    /// <summary>One for each noise level at which drafts ended, from the noisiest.</summary>
    /// <param name="candidates">All of a search, in the order of their numbers.</param>
    /// <param name="verifier">Name of the verifier whose scores are compared.</param>
    public static ImmutableArray<DraftCorrelation> Of(IReadOnlyList<Candidate> candidates, string verifier)
    {
        var pairs =
            from finished in candidates
            where finished.IsFinished
            let final = ScoreOf(finished, verifier)
            where final is not null
            from draft in DraftsOf(finished, candidates)
            let score = ScoreOf(draft, verifier)
            where score is not null
            group (Draft: score.Value, Final: final.Value) by draft.ToLevel;
        return
        [
            .. pairs.OrderByDescending(level => level.Key).Select(level => new DraftCorrelation(
                level.Key,
                level.Count(),
                RankCorrelation.Spearman([.. level.Select(pair => pair.Draft)], [.. level.Select(pair => pair.Final)]))),
        ];
    }

    private static IEnumerable<Candidate> DraftsOf(Candidate candidate, IReadOnlyList<Candidate> candidates)
    {
        while (candidate.Start is SegmentStart.Continuation(var draft))
        {
            candidate = candidates[draft];
            yield return candidate;
        }
    }

    private static double? ScoreOf(Candidate candidate, string verifier) =>
        candidate.Scores.FirstOrDefault(score => score.Verifier == verifier)?.Outcome is ScoreOutcome.Value(var score) ? score : null;
}
