using DiffusionMesh.Cluster.Tests.Cluster;
using DiffusionMesh.Cluster.Tests.Mesh;

namespace DiffusionMesh.Cluster.Tests.Failures;

[Collection(ClusterCollection.Name)]
public sealed class DenoiserFailureTests(RunningCluster cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Machine.Skip is null ? cluster.HealAsync() : Task.CompletedTask;

    [ClusterFact]
    public async Task Denoiser_KilledInMidStep_ChangesNothing() =>
        await new FailureRow(cluster, "010", "denoiser pod killed in mid-step").ProveAsync(Specs.Long(), async _ =>
        {
            await cluster["denoiser-2"].PauseAsync();
            await cluster["denoiser-2"].KillAsync();
        });

    [ClusterFact]
    public async Task Denoiser_KilledAfterItsResultAndBeforeItArrives_ChangesNothing() =>
        await new FailureRow(cluster, "011", "denoiser pod killed after it had the result, before that arrived").ProveAsync(
            Specs.Long(), async _ =>
            {
                await cluster["denoiser-2"].MuteAsync();
                await cluster["denoiser-2"].IdlesAsync();
                await cluster["denoiser-2"].KillAsync();
                await cluster["denoiser-2"].HealAsync();
            });

    [ClusterFact]
    public async Task Denoiser_Hung_ChangesNothing() =>
        await new FailureRow(cluster, "012", "denoiser pod hangs (SIGSTOP) until after the end").ProveAsync(
            Specs.Long(), _ => cluster["denoiser-2"].PauseAsync());

    [ClusterFact]
    public async Task Denoisers_AllKilledAndStartedAgain_ChangesNothing() =>
        await new FailureRow(cluster, "013", "all denoiser pods killed at once, then started again") { Losses = 2 }.ProveAsync(
            Specs.Long(), async _ =>
            {
                Pod[] all = [cluster["denoiser-1"], cluster["denoiser-2"], cluster["denoiser-3"]];
                await Task.WhenAll(all.Select(pod => pod.KillAsync()));
                await Task.WhenAll(all.Select(pod => pod.StartAsync()));
            });

    [ClusterFact]
    public async Task Network_LosingAndDelayingPackets_ChangesNothing() =>
        await new FailureRow(cluster, "014", "a denoiser behind a link that loses 10 % of the packets, another behind one that delays 50 ms")
            .ProveAsync(Specs.Long(), async _ =>
            {
                await cluster["denoiser-1"].DropAsync(10);
                await cluster["denoiser-2"].DelayAsync(50);
            });

    [ClusterFact]
    public async Task Denoiser_AnsweringForOtherWeights_IsNotUsed() =>
        await new FailureRow(cluster, "040", "a denoiser pod with other weights under the same name joins").ProveAsync(
            Specs.Long(), async run =>
            {
                var spare = cluster["denoiser-4"];
                await spare.StartAsync("--", $"--Models:Path={OtherWeights.Write(cluster)}");
                await spare.ListAsync();
                await cluster["denoiser-1"].KillAsync();
            });

    [ClusterFact]
    public async Task Dns_NamingPodsThatAreGone_ChangesNothing() =>
        await new FailureRow(cluster, "050", "stale DNS: one address nobody listens on, one whose packets vanish").ProveAsync(
            Specs.Long(), async run =>
            {
                await cluster["denoiser-4"].ListAsync();
                await cluster["denoiser-3"].DropAsync(100);
            });

    [ClusterFact]
    public async Task Dns_NamingANewPod_UsesItWithoutARestart()
    {
        var spare = cluster["denoiser-4"];
        await new FailureRow(cluster, "051", "all denoisers replaced by one new pod in DNS").ProveAsync(Specs.Long(), async run =>
        {
            await spare.StartAsync("--");
            await spare.ListAsync();
            Pod[] old = [cluster["denoiser-1"], cluster["denoiser-2"], cluster["denoiser-3"]];
            foreach (var pod in old)
            {
                await pod.UnlistAsync();
            }

            await Task.WhenAll(old.Select(pod => pod.KillAsync()));
        });
    }

    [ClusterFact]
    public async Task Queue_Full_IsWaitedFor()
    {
        Pod[] all = [cluster["denoiser-1"], cluster["denoiser-2"], cluster["denoiser-3"]];
        await new FailureRow(cluster, "060", "queues of the denoisers full: RESOURCE_EXHAUSTED with RetryInfo") { Losses = 2 }.ProveAsync(
            Specs.Long(), async _ =>
            {
                await Task.WhenAll(all.Select(pod => pod.KillAsync()));
                await Task.WhenAll(all.Select(pod => pod.StartAsync("--", "--Denoiser:MaxQueuedTrajectories=8")));
            });
    }
}
