namespace DiffusionMesh.Search.Running;

/// <summary>Puts what came of candidates into words and results.</summary>
internal static class Outcome
{
    public static BestCandidate BestOf(Ranking.Standing standing)
    {
        var (candidate, searchScore) = standing;
        return new BestCandidate(candidate.Number, searchScore, candidate.Scores, candidate.Image!);
    }

    /// <summary>Names, for each verifier that selects and failed in the round, its first reason.</summary>
    public static string WhyUnscored(SearchSpec spec, int round, IEnumerable<Candidate> candidates)
    {
        var heldOut = spec.Verifiers.Where(verifier => verifier.HeldOut).Select(verifier => verifier.Name).ToHashSet();
        var reasons = candidates
            .SelectMany(candidate => candidate.Scores)
            .Where(score => score.Outcome is ScoreOutcome.Missing && !heldOut.Contains(score.Verifier))
            .DistinctBy(score => score.Verifier)
            .Select(score => Named(score.Verifier, ((ScoreOutcome.Missing)score.Outcome).Reason));
        return $"no candidate of round {round} was scored ({string.Join("; ", reasons)})";
    }

    /// <summary>Why a search cannot go on whose verifiers must not fail; null if it can.</summary>
    public static string? WhyFailed(SearchSpec spec, Candidate candidate) =>
        WhyFailed(spec, candidate.Scores) is { } reason ? $"candidate {candidate.Number} was not scored ({reason})" : null;

    /// <summary>Names the first verifier that must not fail and did; null if there is none.</summary>
    public static string? WhyFailed(SearchSpec spec, IEnumerable<VerifierScore> scores) => scores
        .Zip(spec.Verifiers, (score, verifier) => verifier.OnFailure == FailurePolicy.Fail && score.Outcome is ScoreOutcome.Missing(var reason)
            ? Named(score.Verifier, reason)
            : null)
        .FirstOrDefault(reason => reason is not null);

    // What failed to answer is named by its reason already.
    private static string Named(string verifier, string reason) =>
        reason.StartsWith($"{verifier}: ", StringComparison.Ordinal) ? reason : $"{verifier}: {reason}";
}
