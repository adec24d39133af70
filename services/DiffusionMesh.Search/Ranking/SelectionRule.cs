using System.Collections.Immutable;

namespace DiffusionMesh.Search.Ranking;

/// <summary>
/// How a search chooses. Under one verifier by its score. Under several by the weighted mean of a candidate's ranks, each
/// rank taken over the whole pool, so that it must be taken again whenever the pool grows. Only candidates that every
/// verifier scored take part: a rank among fewer would not be comparable.
/// </summary>
public sealed class SelectionRule
{
    private readonly ImmutableArray<RankedVerifier> _verifiers;

    public SelectionRule(ImmutableArray<RankedVerifier> verifiers)
    {
        ArgumentOutOfRangeException.ThrowIfZero(verifiers.Length);
        _verifiers = verifiers;
    }

    /// <summary>Whether a greater search score is a better one: as the single verifier says; never for mean ranks.</summary>
    public bool HigherIsBetter => _verifiers is [var single] && single.HigherIsBetter;

    /// <summary>The candidates that take part, best first.</summary>
    /// <remarks>Equal search scores stand in the order of proposal, for presentation only: neither is better.</remarks>
    public ImmutableArray<Standing> Rank(IEnumerable<Candidate> candidates)
    {
        var pool = candidates.Where(candidate => candidate.State == CandidateState.Scored).ToArray();
        var searchScores = _verifiers.Length == 1 ? ScoresUnder(pool, 0) : MeanRanks(pool);
        var standings = new Standing[pool.Length];
        for (var i = 0; i < pool.Length; i++)
        {
            standings[i] = new Standing(pool[i], searchScores[i]);
        }

        Array.Sort(standings, InOrder);
        return [.. standings];
    }

    /// <summary>Whether a search score is at least as good as a target.</summary>
    public bool Reaches(double searchScore, double target) =>
        HigherIsBetter ? searchScore >= target : searchScore <= target;

    private static double[] ScoresUnder(Candidate[] pool, int verifier) =>
        Array.ConvertAll(pool, candidate => ((ScoreOutcome.Value)candidate.Scores[verifier].Outcome).Score);

    private double[] MeanRanks(Candidate[] pool)
    {
        var sums = new double[pool.Length];
        var totalWeight = 0.0;
        for (var v = 0; v < _verifiers.Length; v++)
        {
            var (weight, higherIsBetter) = _verifiers[v];
            var ranks = AverageRanks.Of(ScoresUnder(pool, v), higherIsBetter);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += weight * ranks[i];
            }

            totalWeight += weight;
        }

        return Array.ConvertAll(sums, sum => sum / totalWeight);
    }

    private int InOrder(Standing left, Standing right)
    {
        var byScore = left.SearchScore.CompareTo(right.SearchScore);
        return byScore == 0
            ? left.Candidate.Number.CompareTo(right.Candidate.Number)
            : HigherIsBetter ? -byScore : byScore;
    }
}

/// <summary>What the rule needs to know of a verifier.</summary>
/// <param name="Weight">Weight of its rank, more than 0.</param>
public readonly record struct RankedVerifier(double Weight, bool HigherIsBetter);

/// <summary>A candidate and what it is selected by.</summary>
public readonly record struct Standing(Candidate Candidate, double SearchScore);
