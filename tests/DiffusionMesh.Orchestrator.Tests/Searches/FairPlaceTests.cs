using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Orchestrator.Tests.Storage;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Tests.Searches;

/// <summary>In which order searches get their turn, in both stores.</summary>
public sealed class FairPlaceTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string> Stores => StoreUnderTest.All;

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Place_OneTenantFillsTheQueue_AnotherGoesNextAllTheSame(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);

        var queue = await QueueAsync(store, [.. Enumerable.Repeat(("greedy", Priority.Normal, 100L), 20), ("modest", Priority.Normal, 100L)]);

        Assert.InRange(Order(queue).IndexOf("modest"), 0, 1);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Place_SeveralPriorities_TakeTurnsByTheirWeights(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);

        var queue = await QueueAsync(
            store,
            [
                .. Enumerable.Repeat(("high", Priority.High, 100L), 20),
                .. Enumerable.Repeat(("normal", Priority.Normal, 100L), 8),
                .. Enumerable.Repeat(("low", Priority.Low, 100L), 4),
            ]);

        // 16 : 4 : 1.
        var head = Order(queue).Take(21).ToList();
        Assert.InRange(head.Count(tenant => tenant == "normal"), 3, 5);
        Assert.InRange(head.Count(tenant => tenant == "low"), 1, 2);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Place_SharesAndBudgets_DivideEvaluationsNotSearches(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);

        var queue = await QueueAsync(
            store,
            [.. Enumerable.Repeat(("large", Priority.Normal, 300L), 12), .. Enumerable.Repeat(("small", Priority.Normal, 100L), 24)],
            new TenantOptions { Share = 2 });

        var head = queue.OrderBy(search => search.Place).Take(20).ToLookup(search => search.Header.Tenant);
        var (large, small) = (head["large"].Sum(search => search.Header.Spec.BudgetNfe), head["small"].Sum(search => search.Header.Spec.BudgetNfe));
        Assert.InRange((double)large / small, 1.6, 2.4);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Place_OfOneThatWasIdle_HasNoCreditForIt(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var queue = await QueueAsync(store, [.. Enumerable.Repeat(("busy", Priority.Normal, 100L), 5)]);
        foreach (var done in queue.Take(3))
        {
            await EndAsync(store, done, SearchState.Succeeded, nfe: 100);
        }

        var idle = (await QueueAsync(store, [("idle", Priority.Normal, 100L)]))[0];

        Assert.Equal(queue[3].Place, idle.Place);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Place_OfOneThatIsReopened_IsBehindWhatIsTakenOnNext(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var old = await QueueAsync(store, [.. Enumerable.Repeat(("old", Priority.Normal, 100L), 3)]);
        foreach (var search in old)
        {
            await EndAsync(store, search, SearchState.Cancelled, nfe: 0);
        }

        var queue = await QueueAsync(store, [.. Enumerable.Repeat(("busy", Priority.Normal, 100L), 5)]);
        foreach (var done in queue.Take(3))
        {
            await EndAsync(store, done, SearchState.Succeeded, nfe: 100);
        }

        var reopened = new List<StoredSearch>();
        foreach (var search in old)
        {
            reopened.Add(await store.Storage.ReopenAsync(search.Header.Id, Admission().Readmit, None));
        }

        // The first beside the next one of the others, each further one behind it.
        Assert.Equal([queue[3].Place, queue[4].Place, (2 * queue[4].Place) - queue[3].Place], reopened.Select(search => search.Place));
        Assert.Equal(reopened[0].Place, (await store.Storage.FindAsync(reopened[0].Header.Id, None))!.Place);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Place_AfterALongSearchThatEnded_WaitsUntilTheOthersHadAsMuch(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var first = (await QueueAsync(store, [("long", Priority.Normal, 1_000L)]))[0];
        await using (var log = await store.Storage.TakeAsync(first.Header.Id, "one", None))
        {
            await QueueAsync(store, [.. Enumerable.Repeat(("short", Priority.Normal, 100L), 20)]);
            await log.AppendAsync(Samples.End(nfe: 1_000), [], []);
        }

        await store.ReopenAsync();
        await store.Storage.DeleteAsync(first.Header.Id, None);
        await QueueAsync(store, [("long", Priority.Normal, 1_000L), ("long", Priority.High, 1_000L)]);

        var order = await OrderAsync(store.Storage);
        // Of another priority it had nothing.
        Assert.InRange(order.IndexOf("long"), 0, 1);
        Assert.InRange(order.LastIndexOf("long"), 10, 12);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Place_AfterSearchesThatWereCancelled_WaitsOnlyForWhatTheyHad(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var cancelled = (await QueueAsync(store, [("changed its mind", Priority.Normal, 1_000L)]))[0];
        await using (await store.Storage.TakeAsync(cancelled.Header.Id, "one", None))
        {
            await QueueAsync(store, [.. Enumerable.Repeat(("short", Priority.Normal, 100L), 20)]);
        }

        var further = await QueueAsync(store, [.. Enumerable.Repeat(("changed its mind", Priority.Normal, 1_000L), 4)]);
        await EndAsync(store, cancelled, SearchState.Cancelled, nfe: 100, wasted: 200);
        foreach (var search in further)
        {
            await EndAsync(store, search, SearchState.Cancelled, nfe: 0);
        }

        await QueueAsync(store, [("changed its mind", Priority.Normal, 1_000L)]);

        Assert.InRange((await OrderAsync(store.Storage)).IndexOf("changed its mind"), 3, 4);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Place_OnceNothingIsLeft_BeginsWhereTheLastServiceEnded(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var queue = await QueueAsync(store, [("a", Priority.Normal, 1_000L), ("a", Priority.Normal, 1_000L)]);
        foreach (var done in queue)
        {
            await EndAsync(store, done, SearchState.Succeeded, nfe: 1_000);
        }

        // Of what was had while nobody else was there nothing is held against anyone.
        var later = await QueueAsync(store, [("b", Priority.Normal, 1_000L), ("a", Priority.Normal, 1_000L)]);
        Assert.Equal([2 * queue[1].Place, 2 * queue[1].Place], later.Select(search => search.Place));
    }

    private static SearchAdmission Admission() => new(Options.Create(new OrchestratorOptions()));

    private static async Task EndAsync(StoreUnderTest store, StoredSearch search, SearchState state, long nfe, long wasted = 0)
    {
        await using var log = await store.Storage.TakeAsync(search.Header.Id, "one", None);
        await log.AppendAsync(Samples.End(state, nfe, wasted), [], []);
    }

    private static async Task<List<StoredSearch>> QueueAsync(
        StoreUnderTest store, (string Tenant, Priority Priority, long Budget)[] searches, TenantOptions? large = null)
    {
        var options = new OrchestratorOptions { Tenants = { ["large"] = large ?? new TenantOptions() } };
        var admission = new SearchAdmission(Options.Create(options));
        var queue = new List<StoredSearch>();
        foreach (var (tenant, priority, budget) in searches)
        {
            var header = Samples.Header(tenant);
            header.Spec = new SearchSpec { Priority = priority, BudgetNfe = budget };
            queue.Add(await store.Storage.CreateAsync(header, admission.Admit, None));
        }

        return queue;
    }

    private static List<string> Order(IEnumerable<StoredSearch> queue) =>
        [.. queue.OrderBy(search => search.Place).Select(search => search.Header.Tenant)];

    private static async Task<List<string>> OrderAsync(ISearchStorage storage)
    {
        var queue = new List<StoredSearch>();
        foreach (var (id, _) in await storage.UnfinishedAsync(None))
        {
            queue.Add((await storage.FindAsync(id, None))!);
        }

        return Order(queue);
    }
}
