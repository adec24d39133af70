using DiffusionMesh.Orchestrator.Storage;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Ends a search for its user, whoever runs it.</summary>
internal sealed class SearchCancellation(
    ISearchStorage storage, SearchViews views, SearchWatch watch, SearchRun run, SearchQueue queue)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Returns once the search has ended, or some time later while what is under way still breaks off.</summary>
    public async Task CancelAsync(StoredSearch search, CancellationToken cancellationToken)
    {
        if (search.HasEnded)
        {
            return;
        }

        var id = search.Header.Id;
        await storage.RequestCancelAsync(id, cancellationToken);
        if ((await views.OfAsync(search, cancellationToken)).IsQueued)
        {
            // Nobody works on it: what it has, if anything, is in its journal. Should another take it on right now, the
            // later of both ends it.
            await run.RunAsync(id, handBack: () => Task.CompletedTask, cancellationToken);
            await queue.RemoveAsync(id, cancellationToken);
        }

        await watch.WaitForEndAsync(id, Patience, cancellationToken);
    }
}
