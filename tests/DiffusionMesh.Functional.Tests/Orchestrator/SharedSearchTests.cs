using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage.Postgres;
using DiffusionMesh.Tests;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>What several orchestrators over one database promise.</summary>
public sealed class SharedSearchTests : IAsyncLifetime
{
    private readonly AnswerGate _gate = new();
    private RunningHost? _denoiser;
    private RunningHost? _verifier;
    private OrchestratorMesh? _first;
    private OrchestratorMesh? _second;

    // The denoiser waits before its 7th answer until the test opens the gate.
    public async Task InitializeAsync()
    {
        if (PostgresServer.Skip is not null)
        {
            return;
        }

        _denoiser = await ScriptedServer.StartAsync(new ScriptedDenoiser { BeforeAnswer = _gate.PassAsync });
        _verifier = await ScriptedServer.StartAsync(new ScriptedVerifier());
        var database = await (await PostgresServer.Shared).CreateDatabaseAsync();
        await Migrate.RunAsync([$"--Orchestrator:Database={database}"]);
        _first = await StartAsync(database);
        _second = await StartAsync(database);
    }

    public async Task DisposeAsync()
    {
        _gate.Open();
        foreach (var mesh in new IAsyncDisposable?[] { _first, _second, _denoiser, _verifier }.OfType<IAsyncDisposable>())
        {
            await mesh.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task Search_OnOneOrchestrator_IsAnsweredForByTheOther()
    {
        var search = await _first!.CreateAsync(OrchestratorMesh.Spec());
        await _second!.WaitForCandidatesAsync(search.Id, 6);
        var running = (await _second.Client.GetSearchAsync(new GetSearchRequest { SearchId = search.Id })).Search;
        _gate.Open();

        var (here, there) = (await _first.WatchAsync(search.Id), await _second.WatchAsync(search.Id));

        Assert.Equal((SearchState.Running, 8), (running.State, running.Candidates.Count));
        Assert.Equal(here, there);
        Assert.Equal(SearchState.Succeeded, there[^1].SearchFinished.State);
        Assert.Equal(there[^1].SearchFinished, (await _second.Client.GetSearchAsync(new GetSearchRequest { SearchId = search.Id })).Search);
        Assert.Equal(search.Id, Assert.Single((await _second.Client.ListSearchesAsync(new ListSearchesRequest())).Searches).Id);
        Assert.Equal(
            there[^1].SearchFinished.Best[0].PixelDigest,
            (await _second.Client.GetSearchImageAsync(new GetSearchImageRequest { SearchId = search.Id })).PixelDigest);
    }

    [PostgresFact]
    public async Task CancelSearch_AtTheOtherOrchestrator_EndsExactlyThatOne()
    {
        // The other one would leave it no answer if it were first at the gate.
        var search = await _first!.CreateAsync(OrchestratorMesh.Spec());
        await _second!.WaitForCandidatesAsync(search.Id, 1);
        var other = await _first.CreateAsync(OrchestratorMesh.Spec());

        var cancelled = await _second.CancelAsync(search.Id);
        _gate.Open();

        Assert.Equal(SearchState.Cancelled, cancelled.State);
        Assert.Equal(SearchState.Succeeded, (await _second.WatchAsync(other.Id))[^1].SearchFinished.State);
    }

    [PostgresFact]
    public async Task ResumeSearch_AtTheOtherOrchestrator_GoesOnAndCanBeDeletedOnceItHasEnded()
    {
        var search = await _first!.CreateAsync(OrchestratorMesh.Spec());
        await _first.WaitForCandidatesAsync(search.Id, 6);
        await _first.CancelAsync(search.Id);

        await _second!.Client.ResumeSearchAsync(new ResumeSearchRequest { SearchId = search.Id });
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await _first.Client.DeleteSearchAsync(new DeleteSearchRequest { SearchId = search.Id }));
        _gate.Open();
        var end = (await _first.WatchAsync(search.Id))[^1].SearchFinished;
        var undisturbed = await _second.RunAsync(OrchestratorMesh.Spec());
        await _first.Client.DeleteSearchAsync(new DeleteSearchRequest { SearchId = search.Id });

        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Equal((SearchState.Succeeded, undisturbed.Ledger.NfeSearch), (end.State, end.Ledger.NfeSearch));
        Assert.Equal(undisturbed.Candidates, end.Candidates);
        Assert.Equal(undisturbed.Best, end.Best);
        Assert.Equal(undisturbed.Id, Assert.Single((await _second.Client.ListSearchesAsync(new ListSearchesRequest())).Searches).Id);
    }

    [PostgresFact]
    public async Task ReplaySearch_AtTheOtherOrchestrator_IsIdentical()
    {
        _gate.Open();
        var original = await _first!.RunAsync(OrchestratorMesh.Spec());

        var replay = (await _second!.Client.ReplaySearchAsync(new ReplaySearchRequest { SearchId = original.Id })).Search;
        var end = (await _first.WatchAsync(replay.Id))[^1].SearchFinished;

        ReplayedSearchTests.AssertIdentical(original, end, candidates: 12);
    }

    [PostgresFact]
    public async Task Orchestrator_ThatStops_HandsItsSearchToTheOther()
    {
        var search = await _first!.CreateAsync(OrchestratorMesh.Spec());
        await _first.WaitForCandidatesAsync(search.Id, 6);

        // Either may have taken it on.
        var owner = (await _second!.WatchUntilAsync(search.Id, happened => happened.SearchStarted is not null)).SearchStarted.Orchestrator;
        var (stops, stays) = NameOf(_first) == owner ? (_first, _second) : (_second, _first);

        await stops.Host.App.StopAsync();
        var next = await stays.WatchUntilAsync(search.Id, happened => happened.SearchStarted is { Epoch: > 1 });
        _gate.Open();
        var end = (await stays.WatchAsync(search.Id))[^1].SearchFinished;
        var undisturbed = await stays.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal(NameOf(stays), next.SearchStarted.Orchestrator);
        Assert.Equal((SearchState.Succeeded, undisturbed.Ledger.NfeSearch), (end.State, end.Ledger.NfeSearch));
        Assert.Equal(undisturbed.Candidates, end.Candidates);
        Assert.Equal(undisturbed.Best, end.Best);
    }

    [PostgresFact]
    public async Task CreateSearch_SameRequestIdAtBothOrchestrators_IsOneSearch()
    {
        _gate.Open();

        var searches = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            number => (number % 2 == 0 ? _first! : _second!).CreateAsync(OrchestratorMesh.Spec(), "once")));

        Assert.Single(searches.Select(search => search.Id).Distinct());
        Assert.Equal(1, (await _first!.WatchAsync(searches[0].Id)).Count(happened => happened.SearchFinished is not null));
    }

    private static string NameOf(OrchestratorMesh mesh) => mesh.Host.App.Services.GetRequiredService<RunningSearches>().Orchestrator;

    private Task<OrchestratorMesh> StartAsync(string database) => OrchestratorMesh.StartAsync(
        _denoiser!.Address,
        [("brightness", _verifier!.Address)],
        [$"--Orchestrator:Database={database}", "--Orchestrator:ShutdownSeconds=0"]);
}
