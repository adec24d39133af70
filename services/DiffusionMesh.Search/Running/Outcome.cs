namespace DiffusionMesh.Search.Running;

/// <summary>Puts what came of candidates into words and results.</summary>
internal static class Outcome
{
    public static BestCandidate BestOf(Ranking.Standing standing)
    {
        var (candidate, searchScore) = standing;
        return new BestCandidate(candidate.Number, searchScore, candidate.Scores, candidate.Image!);
    }

    /// <summary>Names, for each verifier that failed in the round, its first reason.</summary>
    public static string WhyUnscored(int round, IEnumerable<Candidate> candidates)
    {
        var reasons = candidates
            .SelectMany(candidate => candidate.Scores)
            .Where(score => score.Outcome is ScoreOutcome.Missing)
            .DistinctBy(score => score.Verifier)
            .Select(score => $"{score.Verifier}: {((ScoreOutcome.Missing)score.Outcome).Reason}");
        return $"no candidate of round {round} was scored ({string.Join("; ", reasons)})";
    }
}
