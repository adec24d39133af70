using System.Runtime.CompilerServices;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Follows a search, whoever runs it. Readers go at their own pace; the search never waits for one.</summary>
internal sealed class SearchWatch(ISearchStorage storage, RunningSearches running)
{
    private static readonly TimeSpan RetryElsewhere = TimeSpan.FromSeconds(1);

    /// <summary>Every event with a higher number, until the last.</summary>
    /// <exception cref="RpcException">UNAVAILABLE: this orchestrator stops; go on at another one.</exception>
    public async IAsyncEnumerable<WatchSearchResponse> ReadAsync(
        string id,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, running.Left);
        // An event's number is never higher than its entry's. The last entry is always read: it may be the end.
        var last = (await storage.FindAsync(id, cancellationToken))?.LastEntry ?? 0;
        await using var entries = storage.FollowAsync(id, Math.Clamp(last - 1, 0, after), either.Token).GetAsyncEnumerator(CancellationToken.None);
        while (await NextAsync(entries, cancellationToken))
        {
            var entry = entries.Current;
            if (entry.Event is not { } happened)
            {
                continue;
            }

            if (happened.EventNumber > after)
            {
                yield return happened;
            }

            if (happened.EventCase == WatchSearchResponse.EventOneofCase.SearchFinished
                && await storage.ReadAsync(id, entry.Number, cancellationToken) is [])
            {
                yield break;
            }
        }
    }

    /// <summary>Waits until a search has ended, or some time is over.</summary>
    public async Task WaitForEndAsync(string id, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            await foreach (var _ in ReadAsync(id, long.MaxValue, limit.Token))
            {
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It takes longer: whoever asks sees that it goes on.
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<JournalEntry> entries, CancellationToken cancellationToken)
    {
        try
        {
            return await entries.MoveNextAsync();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && running.Left.IsCancellationRequested)
        {
            throw RpcErrors.Create(
                Grpc.Core.StatusCode.Unavailable,
                "this orchestrator stops: watch on at another one, after the last event that came",
                new RetryInfo { RetryDelay = Duration.FromTimeSpan(RetryElsewhere) });
        }
    }
}
