using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage.Postgres;
using DiffusionMesh.Tests;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Kills;

/// <summary>
/// A database of a test's own, orchestrators over it as processes, and a denoiser that waits before its 7th answer until the
/// test opens the gate.
/// </summary>
internal sealed class SharedSearches : IAsyncDisposable
{
    private readonly AnswerGate _gate = new();
    private readonly List<OrchestratorProcess> _orchestrators = [];
    private readonly RunningHost _denoiser;
    private readonly RunningHost _verifier;
    private readonly string _database;

    private SharedSearches(string database, RunningHost verifier)
    {
        (_database, _verifier) = (database, verifier);
        Denoiser = new ScriptedDenoiser { BeforeAnswer = _gate.PassAsync };
        _denoiser = ScriptedServer.StartAsync(Denoiser).GetAwaiter().GetResult();
    }

    public ScriptedDenoiser Denoiser { get; }

    /// <param name="orchestrators">How many there are from the start.</param>
    public static async Task<SharedSearches> StartAsync(PostgresServer server, int orchestrators = 2)
    {
        var database = await server.CreateDatabaseAsync();
        await Migrate.RunAsync([$"--Orchestrator:Database={database}"]);
        var searches = new SharedSearches(database, await ScriptedServer.StartAsync(new ScriptedVerifier()));
        for (var i = 0; i < orchestrators; i++)
        {
            await searches.AddAsync();
        }

        return searches;
    }

    public Task<OrchestratorProcess> AddAsync(params IEnumerable<string> arguments) => AddAsync([], arguments);

    public async Task<OrchestratorProcess> AddAsync(IEnumerable<(string Name, string Value)> environment, params IEnumerable<string> arguments)
    {
        var orchestrator = await OrchestratorProcess.StartAsync(
            environment,
            [
                $"--Orchestrator:Database={_database}",
                $"--Orchestrator:Denoiser={_denoiser.Address}",
                $"--Orchestrator:Verifiers:brightness={_verifier.Address}",
                .. arguments,
            ]);
        _orchestrators.Add(orchestrator);
        return orchestrator;
    }

    public void Open() => _gate.Open();

    /// <summary>Begins a search and waits until it stands at the gate.</summary>
    /// <returns>It; who runs it, and one of the others.</returns>
    public async Task<(SearchMessage Search, OrchestratorProcess Owner, OrchestratorProcess Other)> BeginAsync()
    {
        var search = await _orchestrators[0].CreateAsync(OrchestratorMesh.Spec());
        var started = (await _orchestrators[0].UntilAsync(search.Id, happened => happened.SearchStarted is not null)).SearchStarted;
        await _orchestrators[0].UntilAsync(search.Id, happened => happened.Progress.CandidatesDone >= 6);
        return (search, _orchestrators.Find(one => one.Is(started))!, _orchestrators.FindLast(one => !one.Is(started))!);
    }

    /// <summary>Makes sure that a search that was taken on by epochs without a gap came to what an undisturbed one comes to.</summary>
    public static async Task AssertUndisturbedAsync(OrchestratorProcess at, IReadOnlyList<WatchSearchResponse> events, int owners)
    {
        var end = events[^1].SearchFinished;
        var undisturbed = (await at.WatchAsync((await at.CreateAsync(OrchestratorMesh.Spec())).Id))[^1].SearchFinished;
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long)number), events.Select(happened => happened.EventNumber));
        Assert.Equal(
            Enumerable.Range(1, owners).Select(epoch => (long)epoch),
            events.Where(happened => happened.SearchStarted is not null).Select(happened => happened.SearchStarted.Epoch));
        Assert.Single(events, happened => happened.SearchFinished is not null);
        Assert.Equal(undisturbed.Candidates, end.Candidates);
        Assert.Equal(undisturbed.Best, end.Best);
        Assert.Equal((SearchState.Succeeded, undisturbed.Ledger.NfeSearch), (end.State, end.Ledger.NfeSearch));
        Assert.Equal(end, await at.GetAsync(end.Id));
    }

    public async ValueTask DisposeAsync()
    {
        Open();
        foreach (var orchestrator in _orchestrators)
        {
            await orchestrator.DisposeAsync();
        }

        await _denoiser.DisposeAsync();
        await _verifier.DisposeAsync();
    }
}
