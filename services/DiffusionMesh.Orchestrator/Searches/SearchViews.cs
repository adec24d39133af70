using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// Searches as their journals tell them, whoever runs them. Views asked for lately are kept, so that only what is new is
/// read.
/// </summary>
internal sealed class SearchViews(ISearchStorage storage)
{
    // Of messages as they are written; in memory some times as much.
    private const long MaxBytes = 16 << 20;

    // An end holds all candidates of its search, and what states of verifiers it came to.
    private const int EndsAtOnce = 8;

    private readonly Lock _gate = new();
    private readonly LinkedList<View> _byUse = [];
    private readonly Dictionary<string, LinkedListNode<View>> _byId = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>A search as its journal tells it now.</summary>
    public async Task<SearchFold> OfAsync(StoredSearch search, CancellationToken cancellationToken)
    {
        var view = Use(search.Header);
        await view.Turn.WaitAsync(cancellationToken);
        try
        {
            long grown = 0;
            foreach (var entry in await storage.ReadAsync(search.Header.Id, view.Fold.LastEntry, cancellationToken))
            {
                view.Fold.Apply(entry);
                grown += entry.CalculateSize();
            }

            Keep(view, grown);
            return view.Fold;
        }
        finally
        {
            view.Turn.Release();
        }
    }

    /// <summary>
    /// Searches without their candidates and states of verifiers, newest first. Of those that have ended only the last entries
    /// are read.
    /// </summary>
    /// <param name="tenant">Null for those of all tenants.</param>
    /// <param name="before">Sequence number of the last one of the page before; null for the first page.</param>
    /// <returns>The page; and the sequence number of its last search, if others follow.</returns>
    public async Task<(IReadOnlyList<SearchMessage> Page, long? Last)> PageAsync(
        string? tenant, long? before, int size, CancellationToken cancellationToken)
    {
        var page = new List<SearchMessage>(size);
        while (await storage.ListAsync(tenant, before, Math.Max(1, size - page.Count), cancellationToken) is { Count: > 0 } some)
        {
            if (page.Count == size)
            {
                return (page, before);
            }

            page.AddRange(await SummariesAsync(some, cancellationToken));
            before = some[^1].Sequence;
        }

        return (page, null);
    }

    private async Task<IReadOnlyList<SearchMessage>> SummariesAsync(IReadOnlyList<StoredSearch> searches, CancellationToken cancellationToken)
    {
        var summaries = new List<SearchMessage>(searches.Count);
        foreach (var some in searches.Chunk(EndsAtOnce))
        {
            var ends = await storage.ReadLastAsync([.. some.Where(search => search.HasEnded)], cancellationToken);
            foreach (var search in some)
            {
                summaries.Add(SearchOutcome.Summary(ends.GetValueOrDefault(search.Header.Id)?.Event?.SearchFinished
                    ?? (await OfAsync(search, cancellationToken)).ToMessage(candidates: false)));
            }
        }

        return summaries;
    }

    /// <summary>Keeps nothing of a search any more.</summary>
    public void Forget(string id)
    {
        lock (_gate)
        {
            if (_byId.Remove(id, out var node))
            {
                _bytes -= node.Value.Bytes;
                _byUse.Remove(node);
            }
        }
    }

    private View Use(SearchHeader header)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(header.Id, out var known))
            {
                return new View(new SearchFold(header));
            }

            _byUse.Remove(known);
            _byUse.AddFirst(known);
            return known.Value;
        }
    }

    // Of a search that has not begun there is nothing that would have to be read again.
    private void Keep(View view, long grown)
    {
        if (view.Fold.LastEntry == 0)
        {
            return;
        }

        lock (_gate)
        {
            view.Bytes += grown;
            if (!_byId.TryGetValue(view.Fold.Header.Id, out var node))
            {
                _byId[view.Fold.Header.Id] = _byUse.AddFirst(view);
                _bytes += view.Bytes;
            }
            else if (node.Value == view)
            {
                _bytes += grown;
            }

            Trim();
        }
    }

    // The one used last stays, however large it is.
    private void Trim()
    {
        while (_bytes > MaxBytes && _byUse.Last is { } oldest && oldest != _byUse.First)
        {
            _bytes -= oldest.Value.Bytes;
            _byUse.RemoveLast();
            _byId.Remove(oldest.Value.Fold.Header.Id);
        }
    }

    private sealed class View(SearchFold fold)
    {
        public SearchFold Fold { get; } = fold;

        public SemaphoreSlim Turn { get; } = new(1);

        public long Bytes { get; set; } = fold.Header.CalculateSize();
    }
}
