namespace DiffusionMesh.Search.Ports;

/// <summary>The denoiser as a search sees it: model, sampler, guidance and conditions are those of the specification.</summary>
public interface ISegmentSampler
{
    /// <summary>What a segment will cost, in NFE.</summary>
    long Cost(Segment segment);

    /// <summary>Samples all segments; they arrive in any order, each exactly once.</summary>
    /// <param name="segments">What to sample. Their order tells nothing about the order of the answers.</param>
    /// <param name="cancellationToken">Stops the work between two steps.</param>
    /// <exception cref="CallFailedException">A segment could not be sampled, whatever was tried.</exception>
    IAsyncEnumerable<SamplingEvent> SampleAsync(IReadOnlyList<Segment> segments, CancellationToken cancellationToken);
}
