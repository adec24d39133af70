namespace DiffusionMesh.Search.Algorithms;

/// <summary>A particle of Feynman-Kac steering.</summary>
/// <param name="Candidate">Where it is.</param>
/// <param name="Path">What its rewards came to.</param>
/// <param name="LogWeight">Logarithm of its weight: of all potentials since it was last resampled.</param>
/// <param name="IsJudged">Whether its candidate was scored.</param>
internal readonly record struct FkParticle(Candidate? Candidate, FkPath Path, double LogWeight, bool IsJudged)
{
    public static FkParticle Start => new(null, FkPath.Start, 0, true);

    /// <summary>The particle at the end of its next leg. Without a reward its weight stays what it was.</summary>
    public FkParticle MoveTo(Candidate candidate, double? reward, FkPotential potential, double lambda)
    {
        if (reward is not { } judged)
        {
            return this with { Candidate = candidate, IsJudged = false };
        }

        var path = Path.Next(potential, lambda, judged, candidate.IsFinished, out var logPotential);
        return new FkParticle(candidate, path, LogWeight + logPotential, true);
    }
}
