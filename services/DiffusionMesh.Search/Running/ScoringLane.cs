using System.Threading.Channels;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Running;

/// <summary>
/// The way of items to one verifier: a call takes whatever has gathered while the calls before it were under way, so that
/// the first item is scored at once and batches grow with the load.
/// </summary>
internal sealed class ScoringLane(IVerifier verifier, Condition? condition)
{
    private readonly Channel<EvaluationItem> _queue = Channel.CreateUnbounded<EvaluationItem>();

    public void Post(EvaluationItem item) => _queue.Writer.TryWrite(item);

    /// <summary>No further items will come.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Scores until <see cref="Complete"/> was called and every item is answered.</summary>
    /// <param name="answered">Is told of each batch and its outcomes, in the batch's order; it keeps none of its arguments.</param>
    /// <param name="cancellationToken">Gives the open items up.</param>
    public Task RunAsync(Func<IReadOnlyList<EvaluationItem>, ScoredBatch, Task> answered, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, verifier.Parallelism).Select(_ => WorkAsync(answered, cancellationToken)));

    private async Task WorkAsync(Func<IReadOnlyList<EvaluationItem>, ScoredBatch, Task> answered, CancellationToken cancellationToken)
    {
        var batch = new List<EvaluationItem>();
        while (await _queue.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // The images of a search are all of one size.
            while ((batch.Count == 0 || batch.Count < verifier.BatchSizeFor(batch[0].Sampled!)) && _queue.Reader.TryRead(out var item))
            {
                batch.Add(item);
            }

            if (batch.Count > 0)
            {
                await ScoreAsync(batch, answered, cancellationToken).ConfigureAwait(false);
                batch.Clear();
            }
        }
    }

    private async Task ScoreAsync(
        List<EvaluationItem> batch,
        Func<IReadOnlyList<EvaluationItem>, ScoredBatch, Task> answered,
        CancellationToken cancellationToken)
    {
        var samples = batch.ConvertAll(item => item.Sampled!);
        var scored = await CheckedVerifier.ScoreAsync(verifier, samples, condition, cancellationToken).ConfigureAwait(false);
        await answered(batch, scored).ConfigureAwait(false);
    }
}
