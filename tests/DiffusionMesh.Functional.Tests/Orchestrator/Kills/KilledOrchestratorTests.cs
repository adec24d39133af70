using System.Diagnostics;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Tests;
using Xunit.Abstractions;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Kills;

/// <summary>What becomes of searches in a database whose orchestrators are killed, stand still or lose the database.</summary>
public sealed class KilledOrchestratorTests(ITestOutputHelper output)
{
    [PostgresFact]
    public async Task Owner_IsKilled_AnotherGoesOnToTheSameResultAndWatchersSeeNoGap()
    {
        await using var mesh = await SharedSearches.StartAsync(await PostgresServer.Shared);
        var (search, owner, other) = await mesh.BeginAsync();
        var watching = other.WatchAsync(search.Id);

        await owner.Host.KillAsync();
        await TakenOnAsync(other, search.Id);
        mesh.Open();
        var events = await watching;

        await SharedSearches.AssertUndisturbedAsync(other, events, owners: 2);
        Assert.Equal(2 * ScriptedDenoiser.Steps, events[^1].SearchFinished.Ledger.NfeWasted);
    }

    [PostgresFact]
    public async Task Owner_StandsStillWhileAnotherEndsItsSearch_WritesNothingWhenItGoesOn()
    {
        await using var mesh = await SharedSearches.StartAsync(await PostgresServer.Shared);
        var (search, owner, other) = await BeginWithHungOwnerAsync(mesh);
        mesh.Open();
        var events = await other.WatchAsync(search.Id);
        await owner.Host.GoOnAsync();
        await owner.Host.LoggedAsync("is lost to another orchestrator");

        Assert.Equal(events, await owner.WatchAsync(search.Id));
        Assert.Equal(events[^1].SearchFinished, await owner.GetAsync(search.Id));
        await SharedSearches.AssertUndisturbedAsync(owner, events, owners: 2);
    }

    [PostgresFact]
    public async Task CancelSearch_WhoseOwnerIsDead_EndsItWhereItIsTakenOn()
    {
        await using var mesh = await SharedSearches.StartAsync(await PostgresServer.Shared);
        var (search, owner, other) = await mesh.BeginAsync();

        await owner.Host.KillAsync();
        await other.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = search.Id });
        var events = await other.WatchAsync(search.Id);

        Assert.Equal((SearchState.Cancelled, StopReason.Cancelled), (events[^1].SearchFinished.State, events[^1].SearchFinished.StopReason));
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long)number), events.Select(happened => happened.EventNumber));
    }

    [PostgresFact]
    public async Task Owner_StandsStillAndGoesOnWhileAnotherHasItsSearch_LeavesItToThatOne()
    {
        await using var mesh = await SharedSearches.StartAsync(await PostgresServer.Shared);
        var (search, owner, other) = await BeginWithHungOwnerAsync(mesh);
        await owner.Host.GoOnAsync();
        await owner.Host.LoggedAsync("is lost to another orchestrator");
        var running = await owner.GetAsync(search.Id);
        mesh.Open();

        Assert.Equal(SearchState.Running, running.State);
        await SharedSearches.AssertUndisturbedAsync(other, await owner.WatchAsync(search.Id), owners: 2);
    }

    [PostgresFact]
    public async Task Owner_IsKilledWhileOthersWait_ItsSearchIsTakenOnBeforeThem()
    {
        await using var mesh = await SharedSearches.StartAsync(await PostgresServer.Shared, orchestrators: 0);
        var first = await mesh.AddAsync("--Orchestrator:MaxRunningSearches=1");
        var lost = await first.CreateAsync(OrchestratorMesh.Spec());
        await first.UntilAsync(lost.Id, happened => happened.Progress.CandidatesDone >= 6);
        var second = await mesh.AddAsync("--Orchestrator:MaxRunningSearches=1");
        var runs = await second.CreateAsync(OrchestratorMesh.Spec());
        await second.UntilAsync(runs.Id, happened => happened.SearchStarted is not null);
        var waiting = new List<SearchMessage>();
        for (var i = 0; i < 3; i++)
        {
            waiting.Add(await second.CreateAsync(OrchestratorMesh.Spec()));
        }

        await first.Host.KillAsync();
        await second.Host.LoggedAsync($"Search {lost.Id} is next");
        mesh.Open();
        var ends = await Task.WhenAll(waiting.Prepend(lost).Select(async search => (search.Id, Ended: (await second.WatchAsync(search.Id))[^1].Time)));

        Assert.Equal(lost.Id, ends.OrderBy(end => end.Ended).First().Id);
    }

    [PostgresFact]
    public async Task OnlyOrchestrator_IsKilledWithSearchesThatWait_TheNextRunsThemAll()
    {
        await using var mesh = await SharedSearches.StartAsync(await PostgresServer.Shared, orchestrators: 0);
        var first = await mesh.AddAsync("--Orchestrator:MaxRunningSearches=1");
        var running = await first.CreateAsync(OrchestratorMesh.Spec());
        await first.UntilAsync(running.Id, happened => happened.Progress.CandidatesDone >= 6);
        var waiting = await first.CreateAsync(OrchestratorMesh.Spec());

        await first.Host.KillAsync();
        var second = await mesh.AddAsync("--Orchestrator:MaxRunningSearches=1");
        mesh.Open();

        Assert.Equal(SearchState.Queued, waiting.State);
        await SharedSearches.AssertUndisturbedAsync(second, await second.WatchAsync(running.Id), owners: 2);
        await SharedSearches.AssertUndisturbedAsync(second, await second.WatchAsync(waiting.Id), owners: 1);
    }

    [PostgresFact]
    public async Task Database_CrashesInMidSearch_TheSearchEndsAsIfNothingHadHappened()
    {
        var server = await PostgresServer.StartAsync();
        await using (var mesh = await SharedSearches.StartAsync(server))
        {
            var (search, _, other) = await mesh.BeginAsync();
            var watching = other.WatchAsync(search.Id);

            await server.StopAsync("immediate");
            mesh.Open();
            await server.StartAgainAsync();

            await SharedSearches.AssertUndisturbedAsync(other, await watching, owners: 1);
        }

        await server.StopAsync("fast");
    }

    private async Task<(SearchMessage Search, OrchestratorProcess Owner, OrchestratorProcess Other)> BeginWithHungOwnerAsync(SharedSearches mesh)
    {
        var (search, owner, other) = await mesh.BeginAsync();
        await owner.Host.HangAsync();
        await TakenOnAsync(other, search.Id);
        return (search, owner, other);
    }

    // How long that took is for people to read.
    private async Task TakenOnAsync(OrchestratorProcess other, string id)
    {
        var since = Stopwatch.StartNew();
        var next = (await other.UntilAsync(id, happened => happened.SearchStarted is { Epoch: 2 })).SearchStarted;
        output.WriteLine($"taken on after {since.Elapsed.TotalSeconds:0.0} s");
        Assert.True(other.Is(next));
    }
}
