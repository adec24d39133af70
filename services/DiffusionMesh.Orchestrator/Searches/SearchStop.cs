using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Ends a search when its user says so, or before the first round that would begin too late.</summary>
internal sealed class SearchStop(TimeSpan? limit, TimeSpan grace, TimeProvider time) : IStopSignal, IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenSource _aborted = new();
    private readonly long _start = time.GetTimestamp();

    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Fires when a cancelled search has had its time to score what was sampled.</summary>
    public CancellationToken Aborted => _aborted.Token;

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    public void Cancel()
    {
        _aborted.CancelAfter(grace);
        _cancelled.Cancel();
    }

    public StopReason? BeforeRound(int round) =>
        _cancelled.IsCancellationRequested ? StopReason.Cancelled
        : Elapsed > limit ? StopReason.TimeLimit
        : null;

    public void Dispose()
    {
        _cancelled.Dispose();
        _aborted.Dispose();
    }
}
