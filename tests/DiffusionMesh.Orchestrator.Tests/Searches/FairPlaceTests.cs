using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;

namespace DiffusionMesh.Orchestrator.Tests.Searches;

public sealed class FairPlaceTests
{
    [Fact]
    public void Of_OneTenantFillsTheQueue_AnotherGoesNextAllTheSame()
    {
        var queue = Queue([.. Enumerable.Repeat(("greedy", Priority.Normal, 100L), 50), ("modest", Priority.Normal, 100L)]);

        Assert.InRange(Order(queue).IndexOf("modest"), 0, 1);
    }

    [Theory]
    [InlineData(Priority.High, Priority.Normal, 4)]
    [InlineData(Priority.Normal, Priority.Low, 4)]
    [InlineData(Priority.High, Priority.Low, 16)]
    public void Of_TwoPriorities_TakeTurnsByTheirWeights(Priority high, Priority low, int ratio)
    {
        var queue = Queue(
            [.. Enumerable.Repeat(("high", high, 100L), 80), .. Enumerable.Repeat(("low", low, 100L), 80)]);

        var head = Order(queue).Take(4 * (ratio + 1)).ToList();

        Assert.InRange(head.Count(tenant => tenant == "low"), 3, 5);
    }

    [Fact]
    public void Of_SharesAndBudgets_DivideEvaluationsNotSearches()
    {
        var queue = Queue(
            [.. Enumerable.Repeat(("large", Priority.Normal, 300L), 40), .. Enumerable.Repeat(("small", Priority.Normal, 100L), 120)],
            share: tenant => tenant == "large" ? 2 : 1);

        var head = queue.OrderBy(search => search.Header.Place).Take(50).ToLookup(search => search.Header.Tenant);

        var (large, small) = (head["large"].Sum(search => search.Header.Spec.BudgetNfe), head["small"].Sum(search => search.Header.Spec.BudgetNfe));
        Assert.InRange((double)large / small, 1.7, 2.3);
    }

    [Fact]
    public void Of_OneThatWasIdle_GetsNoCreditForIt()
    {
        var queue = Queue([.. Enumerable.Repeat(("busy", Priority.Normal, 100L), 10)]);
        var later = queue.Skip(6).ToList();

        var place = FairPlace.Of(Header("idle", Priority.Normal, 100), later, _ => 1);

        Assert.Equal(later.Min(search => search.Header.Place), place);
    }

    private static List<StoredSearch> Queue((string Tenant, Priority Priority, long Budget)[] searches, Func<string, double>? share = null)
    {
        var queue = new List<StoredSearch>();
        foreach (var (tenant, priority, budget) in searches)
        {
            var header = Header(tenant, priority, budget);
            header.Place = FairPlace.Of(header, queue, share ?? (_ => 1));
            queue.Add(new StoredSearch(header, queue.Count + 1, Epoch: 0, Orchestrator: "", EndTime: null, CancelRequested: false));
        }

        return queue;
    }

    private static List<string> Order(IEnumerable<StoredSearch> queue) =>
        [.. queue.OrderBy(search => search.Header.Place).Select(search => search.Header.Tenant)];

    private static SearchHeader Header(string tenant, Priority priority, long budget) =>
        new() { Tenant = tenant, Spec = new SearchSpec { Priority = priority, BudgetNfe = budget } };
}
