using System.Globalization;
using DiffusionMesh.Cluster.Tests.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Tests;
using Grpc.Net.Client;

namespace DiffusionMesh.Cluster.Tests.Kills;

/// <summary>
/// Over PostgreSQL, with two orchestrators: whichever writes the entry is killed, the other goes on. Moments are
/// <see cref="Lost"/> and <see cref="Kept"/>.
/// </summary>
internal sealed class DatabaseKill(LocalServices services, SearchSpec spec) : IKilledSearch
{
    /// <summary>The transaction of the write is rolled back.</summary>
    public const string Lost = "lost";

    /// <summary>It is committed, and nobody is told.</summary>
    public const string Kept = "kept";

    private static readonly string[] Names = ["one", "two"];

    private readonly int[] _ports = [FreePorts.Take(), FreePorts.Take()];
    private readonly HostProcess?[] _orchestrators = new HostProcess?[Names.Length];
    private GrpcChannel[] _channels = [];
    private string _database = "";
    private JournalTrap? _trap;

    private SearchService.SearchServiceClient[] Clients => [.. _channels.Select(channel => new SearchService.SearchServiceClient(channel))];

    public async Task<(Answer Answer, int Writes)> UndisturbedAsync()
    {
        await StartAsync();
        var run = await SearchRun.StartAsync(Clients, spec);
        var answer = await Answer.OfAsync(await run.EndAsync(), Clients[0]);
        return (answer, (int)await _trap!.EntriesAsync(run.Id));
    }

    public async Task<Answer?> KilledAsync(int? write, string moment)
    {
        await StartAsync();
        await _trap!.SetAsync(write);
        var run = await SearchRun.StartAsync(Clients, spec);
        var finished = run.EndAsync();
        using var given = new CancellationTokenSource();
        var sprung = _trap.SprungAsync(given.Token);
        await Task.WhenAny(sprung, finished).WaitAsync(SearchRun.Patience);
        if (!sprung.IsCompleted)
        {
            await given.CancelAsync();
            await _trap.OpenAsync();
            await finished;
            return null;
        }

        var writer = await sprung;
        var killed = Array.IndexOf(Names, writer.Orchestrator);
        await _orchestrators[killed]!.DisposeAsync();
        var entries = await _trap.ReleaseAsync(writer, run.Id, keep: moment == Kept);
        if (write is { } number)
        {
            Assert.Equal(moment == Kept, entries >= number);
        }

        await StartAsync();
        try
        {
            var search = await finished;
            return await SearchRun.AnyAsync(Clients, client => Answer.OfAsync(search, client));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"killed at entry {write} ({moment}): {e.Message}\n{string.Join('\n', _orchestrators.Select(orchestrator => orchestrator!.Log))}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Array.ForEach(_channels, channel => channel.Dispose());
        foreach (var orchestrator in _orchestrators.OfType<HostProcess>())
        {
            await orchestrator.DisposeAsync();
        }

        if (_trap is not null)
        {
            await _trap.DisposeAsync();
        }
    }

    // Those that do not run.
    private async Task StartAsync()
    {
        if (_database.Length == 0)
        {
            _database = await (await PostgresServer.Shared).CreateDatabaseAsync();
            await Tool.RunAsync("dotnet", [
                Path.Combine(Repository.Hosts, "orchestrator", "DiffusionMesh.Orchestrator.dll"), "migrate", $"--Orchestrator:Database={_database}"]);
            _trap = await JournalTrap.InstallAsync(_database);
            _channels = Array.ConvertAll(_ports, LocalServices.Open);
        }

        await Task.WhenAll(Enumerable.Range(0, Names.Length).Where(i => _orchestrators[i] is not { HasExited: false }).Select(async i =>
            _orchestrators[i] = await services.StartOrchestratorAsync(
                _ports[i],
                [string.Create(CultureInfo.InvariantCulture, $"--Orchestrator:Database={_database};Application Name={Names[i]}")])));
    }
}
