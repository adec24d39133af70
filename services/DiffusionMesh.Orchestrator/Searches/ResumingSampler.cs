using System.Runtime.CompilerServices;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// The denoisers of a search that its last orchestrator broke off. What that one may have had under way in the round that
/// goes on counts as wasted: it is sampled again, and nobody knows how far it got.
/// </summary>
/// <param name="atOnce">Most segments that an orchestrator has under way.</param>
internal sealed class ResumingSampler(ISegmentSampler sampler, LeavableJournal journal, int atOnce) : ISegmentSampler
{
    private bool _isCounted;

    public long Cost(Segment segment) => sampler.Cost(segment);

    public async IAsyncEnumerable<SamplingEvent> SampleAsync(
        IReadOnlyList<Segment> segments,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!_isCounted && journal.GoesOnWithRound)
        {
            yield return new SamplingEvent.Wasted(segments.Select(sampler.Cost).OrderDescending().Take(atOnce).Sum());
        }

        _isCounted = true;
        await foreach (var happened in sampler.SampleAsync(segments, cancellationToken))
        {
            yield return happened;
        }
    }
}
