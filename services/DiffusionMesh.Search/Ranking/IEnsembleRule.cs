using DiffusionMesh.Diffusion;

namespace DiffusionMesh.Search.Ranking;

/// <summary>
/// How several verifiers choose together: each one's scores are brought onto a scale that all share, and a candidate's
/// search score is the weighted mean over the verifiers that scored it.
/// </summary>
public interface IEnsembleRule : INamed
{
    /// <summary>Whether a greater search score is a better one.</summary>
    bool HigherIsBetter { get; }

    /// <summary>Whether a candidate's search score is a matter of its own scores alone, whatever the pool.</summary>
    bool IsAbsolute { get; }

    /// <summary>Whether verifiers must say how they score real images.</summary>
    bool NeedsRealScale { get; }

    /// <summary>Brings the scores of one verifier onto the shared scale.</summary>
    /// <param name="scores">One for each candidate of the pool; null where it is missing.</param>
    /// <returns>In the same order, null where the score is missing.</returns>
    double?[] OnSharedScale(double?[] scores, RankedVerifier verifier);
}
