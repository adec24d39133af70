namespace DiffusionMesh.Search.Ranking;

/// <summary>
/// How good candidates are on a fixed scale, whatever the ensemble rule: the weighted mean of their z-scores over the
/// verifiers that select, higher is better.
/// </summary>
internal sealed class Reward(SearchSpec spec, ScoreScales scales)
{
    /// <param name="candidates">Of the search so far; their rounds are complete.</param>
    /// <returns>Null if the candidate takes no part in the choice.</returns>
    public double? Of(Candidate candidate, IEnumerable<Candidate> candidates)
    {
        if (candidate.State != CandidateState.Scored)
        {
            return null;
        }

        var (sum, weights) = (0.0, 0.0);
        for (var v = 0; v < spec.Verifiers.Length; v++)
        {
            if (!spec.Verifiers[v].HeldOut && scales.Standing(candidate, v, candidates) is { } standing)
            {
                sum += spec.Verifiers[v].Weight * standing;
                weights += spec.Verifiers[v].Weight;
            }
        }

        return sum / weights;
    }
}
