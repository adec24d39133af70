using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Orchestrator.Storage.Postgres;
using DiffusionMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

public sealed class PostgresTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [PostgresFact]
    public async Task Append_DatabaseCrashesUnderLoad_WritesEverythingOnce()
    {
        var server = await PostgresServer.StartAsync();
        await using var storage = await StoreUnderTest.ConnectAsync(await StoreUnderTest.MigratedAsync(server));
        var id = (await storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using var log = await storage.TakeAsync(id, "one", None);
        var halfway = new TaskCompletionSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= 400; i++)
            {
                await log.AppendAsync(Samples.Waste(i), [Samples.Image(i)], []);
                if (i == 50)
                {
                    halfway.SetResult();
                }
            }
        });
        var following = Task.Run(async () =>
        {
            var seen = new List<long>();
            await foreach (var entry in storage.FollowAsync(id, 0, None))
            {
                seen.Add(entry.WastedNfe);
                if (seen.Count == 400)
                {
                    break;
                }
            }

            return seen;
        });

        await halfway.Task;
        await server.StopAsync("immediate");
        await server.StartAgainAsync();
        await writing;

        var all = Enumerable.Range(1, 400).Select(i => (long)i);
        Assert.Equal(all, (await storage.ReadAsync(id, 0, None)).Select(entry => entry.WastedNfe));
        Assert.Equal(all, await following);
        await server.StopAsync("fast");
    }

    [PostgresFact]
    public async Task Follow_AnotherOrchestratorWrites_SeesItAndSoDoesCancel()
    {
        var connection = await StoreUnderTest.MigratedAsync(await PostgresServer.Shared);
        await using var writer = await StoreUnderTest.ConnectAsync(connection);
        await using var reader = await StoreUnderTest.ConnectAsync(connection);
        var id = (await writer.CreateAsync(Samples.Header(), None)).Header.Id;
        await using var log = await writer.TakeAsync(id, "one", None);
        await using var following = reader.FollowAsync(id, 0, None).GetAsyncEnumerator();
        var next = following.MoveNextAsync().AsTask();

        await log.AppendAsync(Samples.Waste(5), [], []);

        Assert.True(await next);
        Assert.Equal(5, following.Current.WastedNfe);
        await reader.RequestCancelAsync(id, None);
        var cancelled = new TaskCompletionSource();
        await using var registration = log.CancelRequested.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    [PostgresFact]
    public async Task Look_AfterTheOwnersWrite_AsksForTheLogsOfOthersAlone()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.Postgres);
        await using var database = NpgsqlDataSource.Create(store.Database);
        var calls = new DatabaseCalls(database, TimeSpan.FromSeconds(60));
        var logs = new PostgresLogs(calls);
        await using var log = new PostgresLog("gone", epoch: 3, number: 0, cancelRequested: false, calls, TimeProvider.System, logs.Remove);
        logs.Add(log);

        await logs.LookAsync("gone", epoch: 3, None);
        Assert.False(log.Lost.IsCancellationRequested);
        await logs.LookAsync("gone", epoch: 4, None);

        var lost = new TaskCompletionSource();
        await using var registration = log.Lost.Register(lost.SetResult);
        await lost.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    [PostgresFact]
    public async Task Signals_OfTheOwner_NameItsEpoch()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.Postgres);
        await using var database = NpgsqlDataSource.Create(store.Database);
        await using var signals = new DatabaseSignals(database, NullLogger.Instance);
        var heard = System.Threading.Channels.Channel.CreateUnbounded<(string? Id, long? Epoch)>();
        signals.Changed += (id, epoch) => heard.Writer.TryWrite((id, epoch));
        signals.Start();
        Assert.Equal((null, null), await heard.Reader.ReadAsync());
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;

        await using (var log = await store.Storage.TakeAsync(id, "one", None))
        {
            await log.AppendAsync(Samples.Waste(1), [], []);
        }

        await store.Storage.RequestCancelAsync(id, None);

        Assert.Equal((id, null), await heard.Reader.ReadAsync());
        Assert.Equal((id, 1), await heard.Reader.ReadAsync());
        Assert.Equal((id, null), await heard.Reader.ReadAsync());
    }

    [PostgresFact]
    public async Task Create_WhileAnotherStandsStillInATransaction_GoesOnOnceThatOneIsCutOff()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.Postgres);
        await using var other = NpgsqlDataSource.Create(DatabaseConnection.StringOf(store.Database));
        await using var still = await other.OpenConnectionAsync();
        await using var transaction = await still.BeginTransactionAsync();
        await using (var held = new NpgsqlCommand("lock table searches", still))
        {
            await held.ExecuteNonQueryAsync();
        }

        var header = (await store.Storage.CreateAsync(Samples.Header(), None)).Header;

        Assert.NotNull(await store.Storage.FindAsync(header.Id, None));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => transaction.CommitAsync());
    }

    [PostgresFact]
    public async Task Alone_WhileAnotherIsAtIt_DoesNothing()
    {
        var connection = await StoreUnderTest.MigratedAsync(await PostgresServer.Shared);
        await using var first = await StoreUnderTest.ConnectAsync(connection);
        await using var second = await StoreUnderTest.ConnectAsync(connection);
        var done = new List<string>();

        Task DoAsync(PostgresStorage storage, string what, Func<Task>? meanwhile = null) => storage.AloneAsync(
            () =>
            {
                done.Add(what);
                return meanwhile?.Invoke() ?? Task.CompletedTask;
            },
            None);
        await DoAsync(first, "one", () => DoAsync(second, "two"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => DoAsync(first, "three", () => throw new InvalidOperationException()));
        await DoAsync(second, "four");

        Assert.Equal(["one", "three", "four"], done);
    }

    [PostgresFact]
    public async Task Clock_OfADatabaseThatIsAnHourAhead_IsItsClock()
    {
        var connection = await MovedClock.MoveAsync(await StoreUnderTest.MigratedAsync(await PostgresServer.Shared), TimeSpan.FromHours(1));
        var clock = new DatabaseClock();
        var (before, machine) = (TimeProvider.System.GetUtcNow(), clock.GetUtcNow());
        Assert.InRange(machine, before, TimeProvider.System.GetUtcNow());

        await using var storage = new PostgresStorage(connection, TimeSpan.FromSeconds(60), clock, clock, NullLogger<PostgresStorage>.Instance);
        await storage.StartAsync(None);

        var ahead = clock.GetUtcNow() - TimeSpan.FromHours(1);
        Assert.InRange(ahead, before, TimeProvider.System.GetUtcNow());
    }

    [PostgresFact]
    public void Connection_WithALimitOfItsOwn_KeepsIt()
    {
        Assert.Contains("idle_in_transaction_session_timeout=10000", DatabaseConnection.StringOf("Host=a;Options=-c search_path=b"), StringComparison.Ordinal);
        Assert.Contains("-c search_path=b", DatabaseConnection.StringOf("Host=a;Options=-c search_path=b"), StringComparison.Ordinal);
        Assert.DoesNotContain("10000", DatabaseConnection.StringOf("Host=a;Options=-c idle_in_transaction_session_timeout=5"), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Start_SchemaIsOld_IsRefusedAndNamesTheCommand()
    {
        var connection = await (await PostgresServer.Shared).CreateDatabaseAsync();

        var error = await Assert.ThrowsAsync<StorageException>(() => StoreUnderTest.ConnectAsync(connection));

        Assert.Contains("DiffusionMesh.Orchestrator migrate", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Migrate_SeveralAtOnceAndAgain_AppliesEachScriptOnce()
    {
        var connection = await (await PostgresServer.Shared).CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connection);

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DatabaseSchema.MigrateAsync(database, None)));

        Assert.Single(runs, run => run.Before == 0);
        Assert.Equal(0, await Migrate.RunAsync([$"--Orchestrator:Database={connection}"]));
        await using var tables = database.CreateCommand("select count(*) from qrtz_triggers");
        Assert.Equal(0L, await tables.ExecuteScalarAsync());
    }

    [PostgresFact]
    public async Task Call_DatabaseStaysAway_SaysSoAfterItsPatience()
    {
        await using var storage = new PostgresStorage(
            "Host=/nowhere;Username=postgres;Database=none", TimeSpan.Zero, TimeProvider.System, new DatabaseClock(), NullLogger<PostgresStorage>.Instance);

        var error = await Assert.ThrowsAsync<StorageException>(() => storage.FindAsync("x", None));

        Assert.Contains("Orchestrator:Database", error.Message, StringComparison.Ordinal);
    }

    // No resolver knows a name of that domain (RFC 6761).
    [Fact]
    public async Task Call_NameOfTheDatabaseIsUnknown_IsAPassingFailureAsAnyOther()
    {
        const string connection = "Host=database.invalid;Username=postgres;Database=none";
        await using var storage = new PostgresStorage(
            connection, TimeSpan.Zero, TimeProvider.System, new DatabaseClock(), NullLogger<PostgresStorage>.Instance);

        var error = await Assert.ThrowsAsync<StorageException>(() => storage.FindAsync("x", None));

        Assert.True(Assert.IsType<NpgsqlException>(error.InnerException).IsTransient);
        Assert.Equal(1, await Migrate.RunAsync([$"--Orchestrator:Database={connection}"]));
    }
}
