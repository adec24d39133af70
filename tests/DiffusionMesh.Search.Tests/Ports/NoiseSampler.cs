using System.Runtime.CompilerServices;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Tests.Ports;

/// <summary>
/// A denoiser in memory: the image is a function of the noise and the steps. It answers in an order of its own, counts
/// what it is asked for, and can lose NFE or break off.
/// </summary>
internal sealed class NoiseSampler : ISegmentSampler
{
    private readonly List<Segment> _sampled = [];

    /// <summary>Seed of the order in which answers come; null keeps that of the request.</summary>
    public int? Shuffle { get; init; }

    /// <summary>Is called with the number of segments answered so far, before each answer.</summary>
    public Action<int> BeforeAnswer { get; init; } = _ => { };

    /// <summary>NFE reported as lost before the first answer of each request.</summary>
    public long Waste { get; init; }

    /// <summary>What it adds to the NFE that it ought to report.</summary>
    public long Overcharge { get; init; }

    /// <summary>Everything it answered, in the order of the answers.</summary>
    public IReadOnlyList<Segment> Sampled => _sampled;

    public static SampleImage Image(Segment segment)
    {
        var noise = new float[4 * 4];
        segment.Noise.Fill(noise);
        var pixels = Array.ConvertAll(noise, value => (byte)Math.Clamp((value * 40) + 128 + segment.Steps, 0, 255));
        return new SampleImage(pixels, 4, 4, 1);
    }

    public long Cost(Segment segment) => segment.Steps;

    public async IAsyncEnumerable<SamplingEvent> SampleAsync(
        IReadOnlyList<Segment> segments,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var order = Enumerable.Range(0, segments.Count).ToArray();
        if (Shuffle is { } seed)
        {
            new Random(seed).Shuffle(order);
        }

        if (Waste > 0)
        {
            yield return new SamplingEvent.Wasted(Waste);
        }

        foreach (var index in order)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            BeforeAnswer(_sampled.Count);
            cancellationToken.ThrowIfCancellationRequested();
            var segment = segments[index];
            _sampled.Add(segment);
            var nfe = segment.Steps + Overcharge;
            yield return new SamplingEvent.Sampled(index, new SampledSegment(Image(segment), nfe, 2 * nfe, 1));
        }
    }
}
