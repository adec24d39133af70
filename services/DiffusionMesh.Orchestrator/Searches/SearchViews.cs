using DiffusionMesh.Orchestrator.Storage;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// Searches as their journals tell them, whoever runs them. Views asked for lately are kept, so that only what is new is
/// read.
/// </summary>
internal sealed class SearchViews(ISearchStorage storage)
{
    // Some tens of megabytes.
    private const long MaxEntries = 20_000;

    // An end holds all candidates of its search.
    private const int EndsAtOnce = 32;

    private readonly Lock _gate = new();
    private readonly LinkedList<View> _byUse = [];
    private readonly Dictionary<string, LinkedListNode<View>> _byId = new(StringComparer.Ordinal);
    private long _entries;

    /// <summary>A search as its journal tells it now.</summary>
    public async Task<SearchFold> OfAsync(StoredSearch search, CancellationToken cancellationToken)
    {
        var view = Use(search);
        await view.Turn.WaitAsync(cancellationToken);
        try
        {
            var news = await storage.ReadAsync(search.Header.Id, view.Fold.LastEntry, cancellationToken);
            foreach (var entry in news)
            {
                view.Fold.Apply(entry);
            }

            Grow(view, news.Count);
            return view.Fold;
        }
        finally
        {
            view.Turn.Release();
        }
    }

    /// <summary>Searches without their candidates, in their order. Of those that have ended only the last entries are read.</summary>
    public async Task<IReadOnlyList<SearchMessage>> SummariesAsync(IReadOnlyList<StoredSearch> searches, CancellationToken cancellationToken)
    {
        var summaries = new List<SearchMessage>(searches.Count);
        foreach (var some in searches.Chunk(EndsAtOnce))
        {
            var ends = await storage.ReadLastAsync([.. some.Where(search => search.HasEnded)], cancellationToken);
            foreach (var search in some)
            {
                summaries.Add(ends.GetValueOrDefault(search.Header.Id)?.Event?.SearchFinished is { } end
                    ? SearchFold.WithoutCandidates(end)
                    : (await OfAsync(search, cancellationToken)).ToMessage(candidates: false));
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
                _entries -= node.Value.Entries;
                _byUse.Remove(node);
            }
        }
    }

    private View Use(StoredSearch search)
    {
        lock (_gate)
        {
            var id = search.Header.Id;
            if (_byId.TryGetValue(id, out var known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                return known.Value;
            }

            return (_byId[id] = _byUse.AddFirst(new View(new SearchFold(search.Header)))).Value;
        }
    }

    private void Grow(View view, int entries)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(view.Fold.Header.Id, out var node) || node.Value != view)
            {
                return;
            }

            view.Entries += entries;
            _entries += entries;
            while (_entries > MaxEntries && _byUse.Last is { } oldest && oldest != _byUse.First)
            {
                _entries -= oldest.Value.Entries;
                _byUse.RemoveLast();
                _byId.Remove(oldest.Value.Fold.Header.Id);
            }
        }
    }

    private sealed class View(SearchFold fold)
    {
        public SearchFold Fold { get; } = fold;

        public SemaphoreSlim Turn { get; } = new(1);

        public long Entries { get; set; } = 1;
    }
}
