using System.Globalization;
using DiffusionMesh.Cluster.Tests.Cluster;
using DiffusionMesh.Cluster.Tests.Mesh;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cluster.Tests.Failures;

[Collection(ClusterCollection.Name)]
public sealed class OrchestratorFailureTests(RunningCluster cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Machine.Skip is null ? cluster.HealAsync() : Task.CompletedTask;

    [ClusterFact]
    public async Task Owner_Killed_TheOtherOrchestratorGoesOn() =>
        await new FailureRow(cluster, "070", "the orchestrator that runs the search killed; another one takes it on").ProveAsync(
            Specs.Longer(), async run =>
            {
                var owner = await run.OwnerAsync();
                await cluster[owner].KillAsync();
                Assert.NotEqual(owner, await run.OwnerAsync(times: 2));
            });

    [ClusterFact]
    public async Task Owner_Stopped_TheOtherOrchestratorGoesOn() =>
        await new FailureRow(cluster, "071", "the orchestrator that runs the search stopped in good order (SIGTERM)").ProveAsync(
            Specs.Longer(), async run =>
            {
                var owner = await run.OwnerAsync();
                await cluster[owner].StopAsync();
                Assert.NotEqual(owner, await run.OwnerAsync(times: 2));
            });

    [ClusterFact]
    public async Task Owner_PausedUntilItHasLostItsSearch_WritesNothingAfterwards() =>
        await new FailureRow(
            cluster, "072", "two orchestrators believe they own one search: the first is paused (SIGSTOP) until the second runs it").ProveAsync(
            Specs.Longer(), async run =>
            {
                var owner = await run.OwnerAsync();
                await cluster[owner].PauseAsync();
                Assert.NotEqual(owner, await run.OwnerAsync(times: 2));
                await cluster[owner].GoAsync();
            });

    [ClusterFact]
    public async Task Orchestrators_AllKilledAndStartedAgain_GoOn() =>
        await new FailureRow(cluster, "073", "all orchestrators killed at once, then started again").ProveAsync(
            Specs.Long(), async _ =>
            {
                Pod[] all = [cluster["orchestrator-1"], cluster["orchestrator-2"]];
                await Task.WhenAll(all.Select(pod => pod.KillAsync()));
                await Task.WhenAll(all.Select(pod => pod.StartAsync()));
            });

    [ClusterFact]
    public async Task Clocks_MovedByADay_ChangeNothing()
    {
        Pod[] all = [cluster["orchestrator-1"], cluster["orchestrator-2"]];
        await Task.WhenAll(all.Select(pod => pod.KillAsync()));
        await Task.WhenAll(all.Select(pod => pod.StartAsync(Clock.Of(cluster, pod))));
        var ahead = "";
        var answer = await new FailureRow(
            cluster, "077", "clocks moved in mid-search: a day ahead at the orchestrator that runs it, a day back at the other").ProveAsync(
            Specs.Long(), async run =>
            {
                ahead = await run.OwnerAsync();
                foreach (var pod in all)
                {
                    Clock.Move(cluster, pod, pod.Name == ahead ? "+1d" : "-1d");
                }

                await SeesTimeAsync(ahead, DateTimeOffset.UtcNow.AddHours(12));
            });

        Assert.Equal(DateTime.UtcNow, answer.Outcome.EndTime.ToDateTime(), TimeSpan.FromHours(1));
    }

    // A process looks at the clock's file once a second, and says in its answers what time it is.
    private async Task SeesTimeAsync(string name, DateTimeOffset time)
    {
        using var orchestrator = new Orchestrator(cluster, name);
        using var limit = new CancellationTokenSource(SearchRun.Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        DateTimeOffset said;
        do
        {
            await timer.WaitForNextTickAsync(limit.Token);
            using var call = orchestrator.Client.ListSearchesAsync(new ListSearchesRequest { PageSize = 1 }, cancellationToken: limit.Token);
            said = DateTimeOffset.Parse((await call.ResponseHeadersAsync).GetValue("date")!, CultureInfo.InvariantCulture);
        }
        while (said < time);
    }
}
