using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// Ends a search when its user says so, or before the first round that would begin too late; and lets this orchestrator
/// leave a search that another one goes on with.
/// </summary>
/// <param name="limit">How long it may run, with what it has run already; null for as long as it takes.</param>
/// <param name="before">How long it has run already.</param>
/// <param name="grace">How long a cancelled search may go on scoring what is sampled.</param>
internal sealed class SearchStop(TimeSpan? limit, TimeSpan before, TimeSpan grace, TimeProvider time) : IStopSignal, IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenSource _aborted = new();
    private readonly long _start = time.GetTimestamp();
    private volatile bool _isLeft;

    public TimeSpan? Limit => limit;

    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Fires when a cancelled search has had its time to score what was sampled.</summary>
    public CancellationToken Aborted => _aborted.Token;

    /// <summary>How long the search has run, on all its orchestrators.</summary>
    public TimeSpan Elapsed => before + time.GetElapsedTime(_start);

    /// <summary>Whether this orchestrator leaves the search: nothing may be decided any more.</summary>
    public bool IsLeft => _isLeft;

    public void Cancel()
    {
        _aborted.CancelAfter(grace);
        _cancelled.Cancel();
    }

    /// <summary>Leaves the search at the end of its round, or once the time is over.</summary>
    public void Leave(TimeSpan patience)
    {
        _isLeft = true;
        _cancelled.CancelAfter(patience);
        _aborted.CancelAfter(patience + grace);
    }

    /// <summary>Leaves the search at once: another one has it.</summary>
    public void Abandon()
    {
        _isLeft = true;
        _cancelled.Cancel();
        _aborted.Cancel();
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
