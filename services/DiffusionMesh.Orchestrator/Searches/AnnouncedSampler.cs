using System.Runtime.CompilerServices;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// The denoisers of a search. Its journal says how many segments may be under way before they are, so that they count as
/// wasted once this orchestrator is lost: they are sampled again, and nobody knows how far they got.
/// </summary>
/// <param name="announced">Segments that may be under way at the same time, as the journal says so far.</param>
/// <param name="lost">Most segments that the last orchestrator had under way when it was lost; 0 if it was not.</param>
internal sealed class AnnouncedSampler(RemoteSampler sampler, LeavableJournal journal, ISearchLog log, int announced, int lost) : ISegmentSampler
{
    private int _announced = announced;
    private int _lost = lost;

    public long Cost(Segment segment) => sampler.Cost(segment);

    public async IAsyncEnumerable<SamplingEvent> SampleAsync(
        IReadOnlyList<Segment> segments,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_lost > 0 && journal.GoesOnWithRound)
        {
            yield return new SamplingEvent.Wasted(segments.Select(sampler.Cost).OrderDescending().Take(_lost).Sum());
        }

        _lost = 0;
        var calls = sampler.CallsAtOnce;
        if (sampler.SegmentsIn(calls) is var atOnce && atOnce != _announced)
        {
            await log.AppendAsync(new JournalEntry { AtOnce = atOnce }, [], []);
            _announced = atOnce;
        }

        await foreach (var happened in sampler.SampleAsync(segments, calls, cancellationToken))
        {
            yield return happened;
        }
    }
}
