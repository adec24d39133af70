using System.Globalization;
using DiffusionMesh.Cluster.Tests.Cluster;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cluster.Tests.Mesh;

/// <summary>A row of the failure matrix: a search that something befalls ends as the undisturbed one does.</summary>
/// <param name="order">Place of its row.</param>
/// <param name="happened">What happened, for the table.</param>
internal sealed class FailureRow(RunningCluster cluster, string order, string happened)
{
    /// <summary>How often work could be lost.</summary>
    public int Losses { get; init; } = 1;

    /// <summary>What the table says of it, beside what is measured.</summary>
    public string Note { get; init; } = "";

    /// <param name="trouble">Begins once the search runs; returns when the search may go on to its end.</param>
    public async Task<Answer> ProveAsync(SearchSpec spec, Func<SearchRun, Task> trouble)
    {
        var expected = await cluster.UndisturbedAsync(spec);
        var run = await SearchRun.StartAsync(cluster.Clients, spec);
        await run.SeesCandidatesAsync(1);
        await trouble(run);
        var search = await run.EndAsync();

        Assert.True(
            search.State == SearchState.Succeeded,
            $"{search.Error}\n{string.Join('\n', cluster.Orchestrators.Select(orchestrator => orchestrator.Pod.LastLines))}");
        var answer = await SearchRun.AnyAsync(cluster.Clients, client => Answer.OfAsync(search, client));
        expected.AssertSame(answer, Losses);
        var saw = run.Breaks == 0 ? "nothing" : $"event stream broken {run.Breaks} times, resumed without gap or double";
        var took = string.Create(CultureInfo.InvariantCulture, $"{run.Took.TotalSeconds:0.0} s ({expected.Took.TotalSeconds:0.0} s undisturbed)");
        Reliability.Row("matrix", order, happened, $"{saw}; {took}{Note}", Lost(search));
        return answer;
    }

    public static string Lost(Contracts.SearchV1.Search search) => search.Ledger.NfeWasted == 0
        ? "nothing"
        : string.Create(CultureInfo.InvariantCulture, $"{search.Ledger.NfeWasted} NFE evaluated again, beside {search.Ledger.NfeSearch}");
}
