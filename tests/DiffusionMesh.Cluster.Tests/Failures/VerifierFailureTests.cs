using DiffusionMesh.Cluster.Tests.Cluster;
using DiffusionMesh.Cluster.Tests.Mesh;

namespace DiffusionMesh.Cluster.Tests.Failures;

[Collection(ClusterCollection.Name)]
public sealed class VerifierFailureTests(RunningCluster cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Machine.Skip is null ? cluster.HealAsync() : Task.CompletedTask;

    [ClusterFact]
    public async Task Verifier_Hung_ChangesNothing() =>
        await new FailureRow(cluster, "021", "a verifier pod hangs (SIGSTOP) until after the end").ProveAsync(
            Specs.Long(), _ => cluster["verifier-1"].PauseAsync());

    [ClusterFact]
    public async Task Verifier_Slow_ChangesNothing() =>
        await new FailureRow(cluster, "020", "a verifier pod answers over a link that delays 300 ms").ProveAsync(
            Specs.Long(), _ => cluster["verifier-1"].DelayAsync(300));

    [ClusterFact]
    public async Task Verifier_OnePodOfThreeKilled_ChangesNothing() =>
        await new FailureRow(cluster, "022", "one of the three pods of a verifier killed").ProveAsync(
            Specs.Long(), _ => cluster["verifier-1"].KillAsync());
}
