using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Orchestrator.Storage.Postgres;
using DiffusionMesh.Orchestrator.Storage.RunDirectory;
using DiffusionMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DiffusionMesh.Benchmarks.Storage;

/// <summary>A store on this machine, new and empty.</summary>
internal sealed class MeasuredStore : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Func<Task> _close;

    private MeasuredStore(string name, ISearchStorage storage, Func<Task> close) => (Name, Storage, _close) = (name, storage, close);

    /// <summary>Those that this machine has.</summary>
    public static IEnumerable<Func<Task<MeasuredStore>>> All => PostgresServer.Skip is null ? [OpenFolderAsync, OpenDatabaseAsync] : [OpenFolderAsync];

    public string Name { get; }

    public ISearchStorage Storage { get; }

    public async ValueTask DisposeAsync() => await _close();

    private static Task<MeasuredStore> OpenFolderAsync()
    {
        var folder = Directory.CreateTempSubdirectory("dmesh-measured-");
        var storage = RunDirectoryStorage.Open(folder.FullName, TimeProvider.System);
        return Task.FromResult(new MeasuredStore("data directory", storage, () =>
        {
            storage.Dispose();
            folder.Delete(recursive: true);
            return Task.CompletedTask;
        }));
    }

    private static async Task<MeasuredStore> OpenDatabaseAsync()
    {
        var connection = await (await PostgresServer.Shared).CreateDatabaseAsync();
        await using (var database = NpgsqlDataSource.Create(connection))
        {
            await DatabaseSchema.MigrateAsync(database, CancellationToken.None);
        }

        var storage = new PostgresStorage(connection, Patience, TimeProvider.System, new DatabaseClock(), NullLogger<PostgresStorage>.Instance);
        await storage.StartAsync(CancellationToken.None);
        return new MeasuredStore("PostgreSQL over a socket", storage, async () => await storage.DisposeAsync());
    }
}
