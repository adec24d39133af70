using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Orchestrator.Storage.Postgres;
using DiffusionMesh.Orchestrator.Storage.RunDirectory;
using DiffusionMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>A store of one test's own.</summary>
internal sealed class StoreUnderTest : IAsyncDisposable
{
    public const string RunDirectory = "run directory";
    public const string Postgres = "PostgreSQL";

    private static readonly TimeProvider Noon = new StandingClock();

    private readonly string? _directory;
    private readonly string? _database;
    private readonly TimeProvider _time;

    private StoreUnderTest(string? directory, string? database, TimeProvider time) => (_directory, _database, _time) = (directory, database, time);

    public static TheoryData<string> All => PostgresServer.Skip is null ? [RunDirectory, Postgres] : [RunDirectory];

    public ISearchStorage Storage { get; private set; } = null!;

    public string Directory => _directory!;

    public string Database => _database!;

    /// <param name="time">Where it has its times from; null for a noon that does not pass, so that no quota's day ends meanwhile.</param>
    public static async Task<StoreUnderTest> OpenAsync(string kind, TimeProvider? time = null)
    {
        time ??= Noon;
        var store = kind == RunDirectory
            ? new StoreUnderTest(System.IO.Directory.CreateTempSubdirectory("dmesh-store-").FullName, database: null, time)
            : new StoreUnderTest(directory: null, await MigratedAsync(await PostgresServer.Shared), time);
        store.Storage = await store.ConnectAsync();
        return store;
    }

    public static async Task<string> MigratedAsync(PostgresServer server)
    {
        var connection = await server.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connection);
        await DatabaseSchema.MigrateAsync(database, CancellationToken.None);
        return connection;
    }

    public static async Task<PostgresStorage> ConnectAsync(string connection, TimeProvider? time = null)
    {
        var storage = new PostgresStorage(connection, TimeSpan.FromSeconds(60), time ?? TimeProvider.System, new DatabaseClock(), NullLogger<PostgresStorage>.Instance);
        await storage.StartAsync(CancellationToken.None);
        return storage;
    }

    /// <summary>Closes the store and opens it anew, as after a restart.</summary>
    public async Task ReopenAsync()
    {
        await CloseAsync(Storage);
        Storage = await ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(Storage);
        if (_directory is not null)
        {
            System.IO.Directory.Delete(_directory, recursive: true);
        }
    }

    private static async Task CloseAsync(ISearchStorage storage)
    {
        if (storage is IAsyncDisposable database)
        {
            await database.DisposeAsync();
        }

        (storage as IDisposable)?.Dispose();
    }

    private async Task<ISearchStorage> ConnectAsync() =>
        _directory is not null ? RunDirectoryStorage.Open(_directory, _time) : await ConnectAsync(_database!, _time);

    private sealed class StandingClock : TimeProvider
    {
        private readonly DateTimeOffset _now = new(DateTime.UtcNow.Date.AddHours(12), TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
