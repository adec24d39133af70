using System.Runtime.CompilerServices;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Orchestrator.Tests.Storage;

namespace DiffusionMesh.Orchestrator.Tests.Searches;

/// <summary>What is kept of searches that were asked for lately.</summary>
public sealed class SearchViewsTests
{
    // What the collector still finds on a stack is not kept by anybody.
    private const int Many = 60;
    private const int Most = 20;
    private const int Large = 1 << 20;

    [Fact]
    public async Task Views_OfManySearchesThatHaveNotBegun_AreNotKept()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var views = new SearchViews(store.Storage);
        var folds = new List<WeakReference>();
        for (var i = 0; i < Many; i++)
        {
            folds.Add(await AskAsync(views, Samples.Header()));
        }

        GC.Collect();
        Assert.InRange(folds.Count(fold => fold.IsAlive), 0, Most);
        GC.KeepAlive(views);
    }

    [Theory]
    [InlineData(Large, 1)]
    [InlineData(1, Large)]
    public async Task Views_OfManySearches_KeepTheLastOnes(int headerBytes, int entryBytes)
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var views = new SearchViews(store.Storage);
        var forgotten = await BegunAsync(store.Storage, headerBytes, entryBytes);
        for (var i = 0; i < Many; i++)
        {
            await AskAsync(views, forgotten);
            views.Forget(forgotten.Id);
        }

        var folds = new List<WeakReference>();
        for (var i = 0; i < Many; i++)
        {
            folds.Add(await AskAsync(views, await BegunAsync(store.Storage, headerBytes, entryBytes)));
        }

        GC.Collect();
        Assert.InRange(folds.Count(fold => fold.IsAlive), 1, Most);
        Assert.All(folds[^5..], fold => Assert.True(fold.IsAlive));
        GC.KeepAlive(views);
    }

    private static async Task<SearchHeader> BegunAsync(ISearchStorage storage, int headerBytes, int entryBytes)
    {
        var header = Samples.Header();
        header.Verifiers.Add(new BoundVerifier { Address = new string('v', headerBytes) });
        await storage.CreateAsync(header, default);
        await using var log = await storage.TakeAsync(header.Id, "one", default);
        var happened = new WatchSearchResponse { CandidateFinished = new Candidate { Id = new string('c', entryBytes) } };
        await log.AppendAsync(new JournalEntry { Event = happened }, [], []);
        return header;
    }

    // Nothing of it is left in the caller's frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> AskAsync(SearchViews views, SearchHeader header) => new(await views.OfAsync(
        new StoredSearch(
            header, Sequence: 1, Epoch: 0, Place: 0, IsWaiting: true, EndTime: null, CancelRequested: false, LastEntry: 0, ImagesDropped: false),
        default));
}
