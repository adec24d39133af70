using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Search;

/// <summary>A start noise that was tried, and what came of it.</summary>
public sealed record Candidate
{
    /// <summary>Position in the order of proposal, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>Number of the candidate it was derived from; null for a fresh one.</summary>
    public int? Parent { get; init; }

    /// <summary>From 0.</summary>
    public required int Round { get; init; }

    /// <summary>Where its noise is found; with the specification it regenerates the image.</summary>
    public required NoiseExpression Noise { get; init; }

    public CandidateState State { get; init; }

    /// <summary>Evaluations of the denoiser for this candidate since its parent.</summary>
    public long Nfe { get; init; }

    /// <summary>Sum of <see cref="Nfe"/> along the lineage.</summary>
    public long NfePath { get; init; }

    /// <summary>One for each verifier of the search, in its order; empty until it was scored.</summary>
    public ImmutableArray<VerifierScore> Scores { get; init; } = [];

    /// <summary>Null until it was sampled.</summary>
    public SampleImage? Image { get; init; }
}

public enum CandidateState
{
    /// <summary>Admitted by the budget, not sampled yet.</summary>
    Proposed,

    /// <summary>Sampled, not scored yet.</summary>
    Sampled,

    /// <summary>Scored by every verifier of the search.</summary>
    Scored,

    /// <summary>Sampled, but a verifier did not score it: it takes no part in the choice.</summary>
    Unscored,
}
