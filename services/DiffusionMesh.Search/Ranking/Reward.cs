using System.Collections.Immutable;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Ranking;

/// <summary>
/// How good candidates are on a fixed scale: the weighted mean over the verifiers of z-scores, higher is better. A verifier
/// that says nothing of real images is scaled by the candidates of the first round.
/// </summary>
internal sealed class Reward(SearchSpec spec, ImmutableArray<IVerifier> verifiers)
{
    private readonly ScoreScale?[] _scales = [.. verifiers.Select(verifier => verifier.RealScale)];

    /// <param name="candidates">Of the search so far; the first round is complete.</param>
    /// <returns>Null if a verifier did not score the candidate.</returns>
    public double? Of(Candidate candidate, IEnumerable<Candidate> candidates)
    {
        if (candidate.State != CandidateState.Scored)
        {
            return null;
        }

        var (sum, weights) = (0.0, 0.0);
        for (var v = 0; v < verifiers.Length; v++)
        {
            var scale = _scales[v] ??= FirstRound(v, candidates);
            var z = scale.Standardise(ScoreUnder(candidate, v));
            sum += spec.Verifiers[v].Weight * (verifiers[v].HigherIsBetter ? z : -z);
            weights += spec.Verifiers[v].Weight;
        }

        return sum / weights;
    }

    private static double ScoreUnder(Candidate candidate, int verifier) =>
        ((ScoreOutcome.Value)candidate.Scores[verifier].Outcome).Score;

    private static ScoreScale FirstRound(int verifier, IEnumerable<Candidate> candidates)
    {
        var scores = candidates
            .Where(candidate => candidate is { Round: 0, State: CandidateState.Scored })
            .Select(candidate => ScoreUnder(candidate, verifier))
            .ToArray();
        var mean = scores.Average();
        var deviation = Math.Sqrt(scores.Sum(score => (score - mean) * (score - mean)) / scores.Length);

        // One candidate, or equal ones, tell nothing of the spread.
        return new ScoreScale(mean, deviation > 0 ? deviation : 1);
    }
}
