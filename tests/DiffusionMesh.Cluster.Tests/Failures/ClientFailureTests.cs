using DiffusionMesh.Cluster.Tests.Cluster;
using DiffusionMesh.Cluster.Tests.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;

namespace DiffusionMesh.Cluster.Tests.Failures;

[Collection(ClusterCollection.Name)]
public sealed class ClientFailureTests(RunningCluster cluster)
{
    [ClusterFact]
    public async Task Reader_ThatDoesNotRead_HoldsNothingUp() =>
        await new FailureRow(cluster, "080", "a second watcher opens the event stream and does not read until the end").ProveAsync(
            Specs.Long(), async run =>
            {
                var watch = cluster.Clients[0].WatchSearch(new WatchSearchRequest { SearchId = run.Id });
                await run.SeesAsync(happened => happened.SearchFinished is not null);
                var late = await watch.ResponseStream.ReadAllAsync().ToListAsync();
                Assert.Equal(run.Events, late);
                watch.Dispose();
            });

    [ClusterFact]
    public async Task Client_Gone_LeavesItsSearchRunning()
    {
        var spec = Specs.Long();
        var expected = await cluster.UndisturbedAsync(spec);
        var client = cluster.Clients[0];
        var created = await client.CreateSearchAsync(new CreateSearchRequest { Spec = spec });
        using (var watch = client.WatchSearch(new WatchSearchRequest { SearchId = created.Search.Id }))
        {
            Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        }

        // Somebody else asks later.
        using var later = client.WatchSearch(new WatchSearchRequest { SearchId = created.Search.Id });
        var events = await later.ResponseStream.ReadAllAsync().ToListAsync();

        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(happened => (int)happened.EventNumber));
        var answer = await Answer.OfAsync(events[^1].SearchFinished, client);
        expected.AssertSameResult(answer);

        // Nothing is lost; a call that was slow may have been made twice, within the budget of hedges.
        Assert.InRange(answer.Outcome.Ledger.NfeWasted, 0, answer.Outcome.Ledger.NfeSearch / 10);
        Reliability.Row("matrix", "081", "the client that created the search is gone", "nobody saw; the search ended as it would have", FailureRow.Lost(answer.Outcome));
    }
}
