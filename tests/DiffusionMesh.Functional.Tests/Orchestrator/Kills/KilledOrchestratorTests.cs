using System.Diagnostics;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Tests.Storage;
using DiffusionMesh.Tests;
using Xunit.Abstractions;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Kills;

/// <summary>What becomes of searches in a database whose orchestrators are killed, stand still or lose the database.</summary>
public sealed class KilledOrchestratorTests(ITestOutputHelper output)
{
    [PostgresFact]
    public async Task Owner_IsKilled_AnotherGoesOnToTheSameResultAndWatchersSeeNoGap()
    {
        await using var mesh = await SharedSearches.StartAsync(await PostgresServer.Shared);
        await mesh.AddAsync();
        await mesh.AddAsync();
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
        await mesh.AddAsync();
        await mesh.AddAsync();
        var (search, owner, other) = await mesh.BeginAsync();

        await owner.Host.HangAsync();
        await TakenOnAsync(other, search.Id);
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
        await mesh.AddAsync();
        await mesh.AddAsync();
        var (search, owner, other) = await mesh.BeginAsync();

        await owner.Host.KillAsync();
        await other.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = search.Id });
        var events = await other.WatchAsync(search.Id);

        Assert.Equal((SearchState.Cancelled, StopReason.Cancelled), (events[^1].SearchFinished.State, events[^1].SearchFinished.StopReason));
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long)number), events.Select(happened => happened.EventNumber));
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
