using System.Threading.Channels;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Running;

/// <summary>
/// What a denoiser answers, in the order in which it comes, each once the journal holds it. The next answers are taken
/// meanwhile, so that a journal that makes entries durable in groups gets groups.
/// </summary>
/// <param name="record">Is begun in the order of the answers, up to <see cref="AtOnce"/> of them at once.</param>
internal sealed class RecordedEvents(
    ISegmentSampler sampler,
    IReadOnlyList<Segment> segments,
    Func<SamplingEvent, Task> record,
    CancellationToken cancelled) : IDisposable
{
    /// <summary>Most answers that wait for the journal: so many images and states are held for it.</summary>
    public const int AtOnce = 64;

    // Beside them there are the one that is waited for and the one that waits for room.
    private readonly Channel<(SamplingEvent Event, Task Recorded)> _begun = Channel.CreateBounded<(SamplingEvent, Task)>(
        new BoundedChannelOptions(AtOnce - 2) { SingleReader = true, SingleWriter = true });

    private readonly CancellationTokenSource _enough = CancellationTokenSource.CreateLinkedTokenSource(cancelled);

    /// <summary>Asks for no more. What was answered until then still comes: it is paid.</summary>
    public void Stop() => _enough.Cancel();

    /// <summary>Can be read once.</summary>
    /// <exception cref="OperationCanceledException">The search was cancelled; everything answered before has come.</exception>
    /// <exception cref="CallFailedException">As the sampler says; everything answered before has come.</exception>
    public async IAsyncEnumerable<SamplingEvent> ReadAsync()
    {
        var taking = TakeAsync();
        try
        {
            await foreach (var (samplingEvent, recorded) in _begun.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await recorded.ConfigureAwait(false);
                yield return samplingEvent;
            }
        }
        finally
        {
            // Something is left only if the journal failed, and that is what the reader learns.
            await _enough.CancelAsync().ConfigureAwait(false);
            await foreach (var (_, recorded) in _begun.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await recorded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await taking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await taking.ConfigureAwait(false);
    }

    public void Dispose() => _enough.Dispose();

    private async Task TakeAsync()
    {
        try
        {
            await foreach (var samplingEvent in sampler.SampleAsync(segments, _enough.Token).ConfigureAwait(false))
            {
                await _begun.Writer.WriteAsync((samplingEvent, record(samplingEvent)), CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested && _enough.IsCancellationRequested)
        {
            // As asked.
        }
        finally
        {
            _begun.Writer.Complete();
        }
    }
}
