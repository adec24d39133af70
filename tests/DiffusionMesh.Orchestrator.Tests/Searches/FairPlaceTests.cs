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

        var head = queue.OrderBy(search => search.Header.Place).Take(20).ToLookup(search => search.Header.Tenant);
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
            await using var log = await store.Storage.TakeAsync(done.Header.Id, "one", None);
            await log.AppendAsync(Samples.End(), [], []);
        }

        var idle = (await QueueAsync(store, [("idle", Priority.Normal, 100L)]))[0];

        Assert.Equal(queue[3].Header.Place, idle.Header.Place);
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
        [.. queue.OrderBy(search => search.Header.Place).Select(search => search.Header.Tenant)];
}
