namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>The searches that this orchestrator runs.</summary>
internal sealed class RunningSearches : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<SearchStop> _stops = [];
    private readonly CancellationTokenSource _left = new();
    private TaskCompletionSource _none = Completed();
    private TimeSpan? _leaving;

    /// <summary>Who this is, for people: host, process and a mark of its own.</summary>
    public string Orchestrator { get; } = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid().ToString("N")[..8]}";

    /// <summary>Fires once this orchestrator has left all its searches because it stops.</summary>
    public CancellationToken Left => _left.Token;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _stops.Count;
            }
        }
    }

    /// <summary>Counts a search as running here until it is disposed of.</summary>
    public IDisposable Add(SearchStop stop)
    {
        lock (_gate)
        {
            if (_stops.Count == 0)
            {
                _none = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            _stops.Add(stop);
            if (_leaving is { } patience)
            {
                stop.Leave(patience);
            }
        }

        return new Registration(() => Remove(stop));
    }

    /// <summary>Leaves all searches, each at the end of its round or once the time is over.</summary>
    public async Task LeaveAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        Task none;
        lock (_gate)
        {
            _leaving = patience;
            foreach (var stop in _stops)
            {
                stop.Leave(patience);
            }

            none = _none.Task;
        }

        try
        {
            await none.WaitAsync(cancellationToken);
        }
        finally
        {
            await _left.CancelAsync();
        }
    }

    public void Dispose() => _left.Dispose();

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }

    private void Remove(SearchStop stop)
    {
        lock (_gate)
        {
            _stops.Remove(stop);
            if (_stops.Count == 0)
            {
                _none.TrySetResult();
            }
        }
    }

    private sealed class Registration(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
