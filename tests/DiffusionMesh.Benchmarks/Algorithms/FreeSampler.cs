using System.Runtime.CompilerServices;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Benchmarks.Algorithms;

/// <summary>A denoiser that costs nothing: ready-made 32x32 images and one state.</summary>
internal sealed class FreeSampler : ISegmentSampler
{
    private const int Side = 32;

    private static readonly SampleImage[] Images =
    [
        .. Enumerable.Range(0, 64).Select(number =>
        {
            var pixels = new byte[Side * Side];
            new Random(number).NextBytes(pixels);
            return new SampleImage(pixels, Side, Side, 1);
        }),
    ];

    private static readonly LatentState State = new(new byte[sizeof(float) * Side * Side], 1, Side, Side);

    private int _next;

    public long Cost(Segment segment) => segment.Steps;

    public async IAsyncEnumerable<SamplingEvent> SampleAsync(
        IReadOnlyList<Segment> segments,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (var i = 0; i < segments.Count; i++)
        {
            var steps = segments[i].Steps;
            yield return new SamplingEvent.Sampled(i, new SampledSegment(Images[_next++ % Images.Length], steps, steps, 1)
            {
                State = segments[i].ToLevel > 0 ? State : null,
            });
        }
    }
}
