using System.Collections.Immutable;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Ranking;

/// <summary>
/// Brings scores of all verifiers onto one fixed scale: z-scores, higher is better, by the mean and standard deviation over
/// real images. A verifier that says nothing of real images is scaled by the first round in which it scored candidates.
/// </summary>
internal sealed class ScoreScales(ImmutableArray<IVerifier> verifiers)
{
    private readonly ScoreScale?[] _scales = [.. verifiers.Select(verifier => verifier.RealScale)];

    /// <param name="candidates">Of the search so far; their rounds are complete.</param>
    /// <returns>Null if the verifier did not score the candidate.</returns>
    public double? Standing(Candidate candidate, int verifier, IEnumerable<Candidate> candidates)
    {
        if (Score(candidate, verifier) is not { } score)
        {
            return null;
        }

        var scale = _scales[verifier] ??= FirstRound(verifier, candidates);
        return scale.Standing(score, verifiers[verifier].HigherIsBetter);
    }

    private static double? Score(Candidate candidate, int verifier) =>
        candidate.Scores is { IsEmpty: false } scores && scores[verifier].Outcome is ScoreOutcome.Value(var score) ? score : null;

    private static ScoreScale FirstRound(int verifier, IEnumerable<Candidate> candidates)
    {
        var scored = candidates.Where(candidate => Score(candidate, verifier) is not null).ToArray();
        var scores = scored.TakeWhile(candidate => candidate.Round == scored[0].Round)
            .Select(candidate => Score(candidate, verifier)!.Value)
            .ToArray();
        var mean = scores.Average();
        var deviation = Math.Sqrt(scores.Sum(score => (score - mean) * (score - mean)) / scores.Length);

        // One candidate, or equal ones, tell nothing of the spread.
        return new ScoreScale(mean, deviation > 0 ? deviation : 1);
    }
}
