using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Journaling;

namespace DiffusionMesh.Search.Ports;

/// <summary>A stretch of a trajectory, from one noise level (linear-flow time: 1 is noise, 0 is data) to a lower one.</summary>
/// <param name="Origin">The state at its beginning.</param>
/// <param name="FromLevel">In (0, 1].</param>
/// <param name="ToLevel">In [0, <paramref name="FromLevel"/>); at 0 the sample is finished.</param>
/// <param name="Steps">Steps of the sampler, at least 1.</param>
public sealed record Segment(SegmentOrigin Origin, double FromLevel, double ToLevel, int Steps)
{
    /// <summary>
    /// Where the steps of a stochastic sampler take their noise from, if the origin does not say: the latest fresh draw on
    /// the way to a state that is taken as it is. Determined by the origin.
    /// </summary>
    public NoiseAddress? SamplerNoise { get; init; }

    /// <summary>Levels in (0, 1) at which predictions of the clean sample are wanted as well.</summary>
    public ImmutableArray<double> XPredictionLevels { get; init; } = [];

    /// <summary>Number of the candidate that asked for it first, for traces and logs alone; null in the final run.</summary>
    public int? Candidate { get; init; }

    /// <summary>All of the path, from pure noise to the finished sample.</summary>
    public static Segment Whole(NoiseExpression noise, int steps) => new(new SegmentOrigin.Noise(noise), 1, 0, steps);
}

/// <summary>The state at the beginning of a segment.</summary>
public abstract record SegmentOrigin
{
    private SegmentOrigin()
    {
    }

    /// <summary>Pure noise.</summary>
    public sealed record Noise(NoiseExpression Expression) : SegmentOrigin;

    /// <summary>The state in which another segment ended.</summary>
    /// <param name="Segment">Key of that segment, which determines the state.</param>
    /// <param name="Level">Noise level of the state.</param>
    /// <param name="Draw">The noise with which it is noised up to the beginning of this segment; null to take it as it is.</param>
    public sealed record State(ContentKey Segment, LatentState Latent, double Level, NoiseExpression? Draw) : SegmentOrigin;
}

/// <summary>A segment that was sampled, and what it took.</summary>
/// <param name="Image">The finished sample; of a segment that ends before, the x-prediction of its last evaluation.</param>
/// <param name="Nfe">Evaluations of the denoiser.</param>
/// <param name="NetworkRows">Rows of the network.</param>
/// <param name="Decodes">Images decoded.</param>
public sealed record SampledSegment(SampleImage Image, long Nfe, long NetworkRows, long Decodes)
{
    /// <summary>The state at the end, for others to go on from; null for a finished sample.</summary>
    public LatentState? State { get; init; }

    /// <summary>Those that the segment asked for, in its order.</summary>
    public ImmutableArray<XPrediction> XPredictions { get; init; } = [];

    /// <summary>Number of the candidate that asked for it first, for traces and logs alone; null in the final run.</summary>
    public int? Candidate { get; init; }
}

/// <summary>A prediction of the clean sample, made on the way.</summary>
/// <param name="RequestedLevel">The noise level that was asked for.</param>
/// <param name="Level">That of the evaluation that made it.</param>
public sealed record XPrediction(double RequestedLevel, double Level, SampleImage Image);

/// <summary>What a sampler reports while it works.</summary>
public abstract record SamplingEvent
{
    private SamplingEvent()
    {
    }

    /// <summary>A segment is done.</summary>
    /// <param name="Index">Its position in the request.</param>
    public sealed record Sampled(int Index, SampledSegment Segment) : SamplingEvent;

    /// <summary>Segments that follow were sampled on another compute class than the search began with.</summary>
    public sealed record OtherComputeClass(string ComputeClass) : SamplingEvent;

    /// <summary>Evaluations that were lost with a failed or interrupted call, as far as known.</summary>
    public sealed record Wasted(long Nfe) : SamplingEvent;
}
