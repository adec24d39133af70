using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Ranking;

/// <summary>What rules need to know of a verifier.</summary>
/// <param name="Weight">Its weight among those that select, more than 0.</param>
public readonly record struct RankedVerifier(double Weight, bool HigherIsBetter)
{
    /// <summary>Whether it never selects.</summary>
    public bool HeldOut { get; init; }

    /// <summary>Whether a candidate without its score takes no part in the choice; else the others judge it.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>Mean and standard deviation of its score over real images; null if never measured.</summary>
    public ScoreScale? RealScale { get; init; }

    public static RankedVerifier Of(VerifierChoice choice, IVerifier port) => new(choice.Weight, port.HigherIsBetter)
    {
        HeldOut = choice.HeldOut,
        IsRequired = choice.OnFailure != FailurePolicy.Degrade,
        RealScale = port.RealScale,
    };
}
