using DiffusionMesh.Cluster.Tests.Cluster;
using DiffusionMesh.Cluster.Tests.Mesh;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cluster.Tests.Failures;

[Collection(ClusterCollection.Name)]
public sealed class DatabaseFailureTests(RunningCluster cluster) : IAsyncLifetime
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(5);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Machine.Skip is null ? cluster.HealAsync() : Task.CompletedTask;

    [ClusterFact]
    public async Task Database_KilledAndStartedAgain_IsWaitedFor() =>
        await new FailureRow(cluster, "075", "the database killed in mid-search, then started again").ProveAsync(
            Specs.Long(), async _ =>
            {
                await cluster["postgres"].KillAsync();
                await cluster["postgres"].StartAsync();
            });

    [ClusterFact]
    public async Task Database_OutOfReachForAWhile_IsWaitedFor() =>
        await new FailureRow(cluster, "076", "the database out of reach for 5 s: every packet to it is lost").ProveAsync(
            Specs.Long(), async _ =>
            {
                await cluster["postgres"].DropAsync(100);
                await Task.Delay(Outage);
                await cluster["postgres"].HealAsync();
            });

    // Which is what becomes of a headless Service while its one pod is started again.
    [ClusterFact]
    public async Task Database_StartedAgainWhileItsNameIsUnknown_IsWaitedForAndCancelsAreSeen()
    {
        await new FailureRow(cluster, "0765", "the database started again, its DNS name gone for 5 s").ProveAsync(
            Specs.Long(), async _ =>
            {
                await cluster["postgres"].UnlistAsync();
                await cluster["postgres"].KillAsync();
                await cluster["postgres"].StartAsync();
                await Task.Delay(Outage);
                await cluster["postgres"].ListAsync();
            });

        var run = await SearchRun.StartAsync(cluster.Clients, Specs.Endless());
        var owner = await run.OwnerAsync();
        var other = cluster.Orchestrators.Single(orchestrator => orchestrator.Pod.Name != owner);
        await other.Client.CancelSearchAsync(new() { SearchId = run.Id });
        Assert.Equal(SearchState.Cancelled, (await run.EndAsync()).State);
    }
}
