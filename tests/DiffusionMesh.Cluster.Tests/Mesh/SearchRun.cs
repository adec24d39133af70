using System.Diagnostics;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cluster.Tests.Mesh;

/// <summary>
/// A search as its user sees it: created once, followed over every break from the last event that arrived, at whichever
/// orchestrator answers.
/// </summary>
internal sealed class SearchRun
{
    /// <summary>For a search on a machine that does other things, through an orchestrator that is found dead.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CallLimit = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyList<SearchService.SearchServiceClient> _orchestrators;
    private readonly List<WatchSearchResponse> _events = [];
    private readonly List<(Func<WatchSearchResponse, bool> Condition, TaskCompletionSource Met)> _awaited = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly TaskCompletionSource _broke = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<SearchMessage> _end;
    private readonly TimeSpan _patience;

    private SearchRun(IReadOnlyList<SearchService.SearchServiceClient> orchestrators, string id, TimeSpan patience)
    {
        (_orchestrators, Id, _patience) = (orchestrators, id, patience);
        _end = FollowAsync();
    }

    public string Id { get; }

    /// <summary>How often the stream of events broke.</summary>
    public int Breaks { get; private set; }

    /// <summary>Waits until the stream of events has broken, or the search has ended.</summary>
    public Task BreaksAsync() => Task.WhenAny(_broke.Task, _end).WaitAsync(Patience);

    /// <summary>From its creation to now, or to its end.</summary>
    public TimeSpan Took => _watch.Elapsed;

    public IReadOnlyList<WatchSearchResponse> Events
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Creates a search, at the first orchestrator that answers: a request id makes that safe.</summary>
    public static Task<SearchRun> StartAsync(IReadOnlyList<SearchService.SearchServiceClient> orchestrators, SearchSpec spec) =>
        StartAsync(orchestrators, new CreateSearchRequest { Spec = spec, RequestId = Guid.NewGuid().ToString() });

    /// <param name="patience">How long it may take; <see cref="Patience"/> if nothing is said.</param>
    public static async Task<SearchRun> StartAsync(
        IReadOnlyList<SearchService.SearchServiceClient> orchestrators, CreateSearchRequest request, TimeSpan? patience = null)
    {
        var created = await AnyAsync(orchestrators, client => client.CreateSearchAsync(request, deadline: Deadline()).ResponseAsync);
        return new(orchestrators, created.Search.Id, patience ?? Patience);
    }

    /// <summary>Asks one orchestrator after the other until one answers.</summary>
    public static async Task<T> AnyAsync<T>(IReadOnlyList<SearchService.SearchServiceClient> orchestrators, Func<SearchService.SearchServiceClient, Task<T>> ask)
    {
        var started = Stopwatch.GetTimestamp();
        for (var turn = 0; ; turn++)
        {
            try
            {
                return await ask(orchestrators[turn % orchestrators.Count]);
            }
            catch (RpcException e) when (IsBreak(e) && Stopwatch.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(Pause);
            }
        }
    }

    /// <summary>Waits for an event, past ones included.</summary>
    public async Task SeesAsync(Func<WatchSearchResponse, bool> condition)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_events)
        {
            if (_events.Any(condition))
            {
                return;
            }

            _awaited.Add((condition, met));
        }

        await (await Task.WhenAny(met.Task, _end)).WaitAsync(Patience);
        Assert.True(met.Task.IsCompleted, "the search ended before that");
    }

    public Task SeesCandidatesAsync(int count) => SeesAsync(happened => happened.Progress.CandidatesDone >= count);

    /// <summary>Waits until an orchestrator has taken the search on, so many times in all.</summary>
    /// <returns>Name of the pod.</returns>
    public async Task<string> OwnerAsync(int times = 1)
    {
        await SeesAsync(happened => happened.SearchStarted is { } started && started.Epoch >= times);
        return Events.Last(happened => happened.SearchStarted is not null).SearchStarted.Orchestrator.Split('/')[0];
    }

    /// <summary>Waits for the end. What arrived piece by piece is what a new watcher gets from the beginning.</summary>
    public async Task<SearchMessage> EndAsync()
    {
        var search = await _end.WaitAsync(_patience);
        var record = await AnyAsync(_orchestrators, RecordAsync);
        Assert.Equal(record, Events);
        return search;
    }

    private async Task<List<WatchSearchResponse>> RecordAsync(SearchService.SearchServiceClient client)
    {
        using var watch = client.WatchSearch(new() { SearchId = Id }, deadline: Deadline());
        return await watch.ResponseStream.ReadAllAsync().ToListAsync();
    }

    private async Task<SearchMessage> FollowAsync()
    {
        for (var turn = 0; ; turn++)
        {
            try
            {
                using var watch = _orchestrators[turn % _orchestrators.Count].WatchSearch(
                    new() { SearchId = Id, AfterEvent = Events.Count });
                await foreach (var happened in watch.ResponseStream.ReadAllAsync())
                {
                    Accept(happened);
                }

                _watch.Stop();
                return Events[^1].SearchFinished ?? throw new InvalidOperationException("the stream ended without the search's end");
            }
            catch (RpcException e) when (IsBreak(e) && _watch.Elapsed < _patience)
            {
                Breaks++;
                _broke.TrySetResult();
                await Task.Delay(Pause);
            }
        }
    }

    private void Accept(WatchSearchResponse happened)
    {
        lock (_events)
        {
            Assert.Equal(_events.Count + 1, happened.EventNumber);
            _events.Add(happened);
            foreach (var (_, met) in _awaited.Where(awaited => awaited.Condition(happened)))
            {
                met.TrySetResult();
            }
        }
    }

    // An orchestrator that is gone, hangs, or shuts down; grpc-dotnet says Internal of a stream that was reset.
    private static bool IsBreak(RpcException e) =>
        e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded
        || (e.StatusCode is StatusCode.Internal or StatusCode.Cancelled && e.Status.DebugException is not null);

    private static DateTime Deadline() => DateTime.UtcNow + CallLimit;
}
