using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Search.Ports;

/// <summary>One trajectory from pure noise to the finished sample.</summary>
/// <param name="Noise">Where it starts.</param>
/// <param name="Steps">Steps of the sampler, at least 1.</param>
public sealed record Segment(NoiseExpression Noise, int Steps);

/// <summary>A finished trajectory and what it took.</summary>
/// <param name="Nfe">Evaluations of the denoiser.</param>
/// <param name="NetworkRows">Rows of the network.</param>
/// <param name="Decodes">Images decoded.</param>
public sealed record SampledSegment(SampleImage Image, long Nfe, long NetworkRows, long Decodes);

/// <summary>What a sampler reports while it works.</summary>
public abstract record SamplingEvent
{
    private SamplingEvent()
    {
    }

    /// <summary>A segment is done.</summary>
    /// <param name="Index">Its position in the request.</param>
    public sealed record Sampled(int Index, SampledSegment Segment) : SamplingEvent;

    /// <summary>Evaluations that were lost with a failed or interrupted call, as far as known.</summary>
    public sealed record Wasted(long Nfe) : SamplingEvent;
}
