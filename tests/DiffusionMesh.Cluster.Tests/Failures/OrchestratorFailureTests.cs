using DiffusionMesh.Cluster.Tests.Cluster;
using DiffusionMesh.Cluster.Tests.Mesh;

namespace DiffusionMesh.Cluster.Tests.Failures;

[Collection(ClusterCollection.Name)]
public sealed class OrchestratorFailureTests(RunningCluster cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Machine.Skip is null ? cluster.HealAsync() : Task.CompletedTask;

    [ClusterFact]
    public async Task Orchestrator_KilledAndStartedAgain_GoesOn() =>
        await new FailureRow(cluster, "070", "orchestrator pod killed, then started again on its data directory").ProveAsync(
            Specs.Long(), async _ =>
            {
                await cluster["orchestrator-1"].KillAsync();
                await cluster["orchestrator-1"].StartAsync();
            });

    [ClusterFact]
    public async Task Orchestrator_StoppedAndStartedAgain_GoesOn() =>
        await new FailureRow(cluster, "071", "orchestrator pod stopped in good order (SIGTERM), then started again").ProveAsync(
            Specs.Long(), async _ =>
            {
                await cluster["orchestrator-1"].StopAsync();
                await cluster["orchestrator-1"].StartAsync();
            });

    [ClusterFact]
    public async Task Orchestrator_Paused_GoesOn() =>
        await new FailureRow(cluster, "072", "orchestrator pod paused (SIGSTOP) until its watcher gave it up").ProveAsync(
            Specs.Long(), async run =>
            {
                await cluster["orchestrator-1"].PauseAsync();
                await run.BreaksAsync();
                await cluster["orchestrator-1"].GoAsync();
            });
}
