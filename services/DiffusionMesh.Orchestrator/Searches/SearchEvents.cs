using System.Runtime.CompilerServices;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// What has happened in a search, numbered from 1. Readers go at their own pace; the search never waits for one.
/// </summary>
internal sealed class SearchEvents
{
    private readonly Lock _gate = new();
    private readonly List<WatchSearchResponse> _events = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _isComplete;

    /// <summary>Numbers an event and shows it to the readers. It must not be changed afterwards.</summary>
    public void Append(WatchSearchResponse happened)
    {
        lock (_gate)
        {
            happened.EventNumber = _events.Count + 1;
            _events.Add(happened);
            _isComplete = happened.EventCase == WatchSearchResponse.EventOneofCase.SearchFinished;
            _changed.SetResult();
            _changed = NewSignal();
        }
    }

    /// <summary>Every event with a higher number, until the last.</summary>
    public async IAsyncEnumerable<WatchSearchResponse> ReadAsync(
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = after;
        while (true)
        {
            Task changed;
            List<WatchSearchResponse> news;
            bool isComplete;
            lock (_gate)
            {
                news = next < _events.Count ? _events[(int)next..] : [];
                (changed, isComplete) = (_changed.Task, _isComplete);
            }

            foreach (var happened in news)
            {
                yield return happened;
            }

            next += news.Count;
            if (isComplete)
            {
                yield break;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
