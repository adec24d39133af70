using System.Collections.Immutable;

namespace DiffusionMesh.Search;

/// <summary>A segment that was tried, and what came of it: a finished sample, or a draft that others go on from.</summary>
public sealed record Candidate
{
    /// <summary>Position in the order of proposal, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>Number of the candidate it was derived from; null for a fresh one.</summary>
    public int? Parent { get; init; }

    /// <summary>From 0.</summary>
    public required int Round { get; init; }

    /// <summary>Where its segment begins; with the specification and the candidates it names it regenerates the image.</summary>
    public required SegmentStart Start { get; init; }

    /// <summary>Steps of its segment.</summary>
    public required int Steps { get; init; }

    /// <summary>Noise level at the beginning of its segment, in (0, 1].</summary>
    public double FromLevel { get; init; } = 1;

    /// <summary>Noise level at the end of its segment; 0 for a finished sample.</summary>
    public double ToLevel { get; init; }

    /// <summary>Whether it is a finished sample: only these can be the best. Others are drafts.</summary>
    public bool IsFinished => ToLevel == 0;

    public CandidateState State { get; init; }

    /// <summary>Evaluations of the denoiser for this candidate since its parent.</summary>
    public long Nfe { get; init; }

    /// <summary>Sum of <see cref="Nfe"/> along the lineage.</summary>
    public long NfePath { get; init; }

    /// <summary>One for each verifier of the search, in its order; empty until it was scored.</summary>
    public ImmutableArray<VerifierScore> Scores { get; init; } = [];

    /// <summary>Null until it was sampled; of a draft, the x-prediction of its last evaluation.</summary>
    public SampleImage? Image { get; init; }
}

public enum CandidateState
{
    /// <summary>Admitted by the budget, not sampled yet.</summary>
    Proposed,

    /// <summary>Sampled, not scored yet.</summary>
    Sampled,

    /// <summary>Scored by every verifier that selects, or by those that are enough: it takes part in the choice.</summary>
    Scored,

    /// <summary>Sampled, but not scored by a verifier that it needs: it takes no part in the choice.</summary>
    Unscored,
}
