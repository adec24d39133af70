using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Search.Running;

/// <summary>A candidate that an algorithm would like to try: a segment of a trajectory.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Steps">Steps of the sampler, at least 1.</param>
/// <param name="FromLevel">Noise level at the beginning, in (0, 1]: 1 for noise, that of the state for a continuation.</param>
/// <param name="ToLevel">
/// Noise level at the end, in [0, <paramref name="FromLevel"/>). 0 finishes the sample. Else it is a draft: verifiers
/// score the x-prediction of its last evaluation, and others can go on from its state.
/// </param>
public sealed record Proposal(SegmentStart Start, int Steps, double FromLevel = 1, double ToLevel = 0)
{
    private readonly int? _parent;

    /// <summary>
    /// Number of the candidate it was derived from; null for a fresh one. Unless set, the one from whose state it goes on.
    /// </summary>
    public int? Parent
    {
        get => _parent ?? Start.From;
        init => _parent = value;
    }

    /// <summary>A run of all steps of the specification from noise to the finished sample.</summary>
    public static Proposal Whole(SearchSpec spec, NoiseExpression noise, int? parent = null) =>
        new(new SegmentStart.Noise(noise), spec.Steps) { Parent = parent };
}
