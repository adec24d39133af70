using System.Runtime.CompilerServices;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search;
using Npgsql;

namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>Searches in PostgreSQL, for any number of orchestrators.</summary>
internal sealed partial class PostgresStorage : ISearchStorage, IAsyncDisposable
{
    private const int ReadAtOnce = 256;

    // A notification may be lost with the process that was to send it.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _database;
    private readonly DatabaseCalls _calls;
    private readonly DatabaseSignals _signals;
    private readonly TimeProvider _time;
    private readonly DatabaseClock _clock;
    private readonly PostgresRows _rows;
    private readonly PostgresLogs _logs;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private Task _looking = Task.CompletedTask;

    /// <param name="clock">Is set by the database's now and then.</param>
    public PostgresStorage(string connectionString, TimeSpan patience, TimeProvider time, DatabaseClock clock, ILogger<PostgresStorage> logger)
    {
        _database = NpgsqlDataSource.Create(DatabaseConnection.StringOf(connectionString));
        _calls = new DatabaseCalls(_database, patience);
        _signals = new DatabaseSignals(_database, logger);
        (_rows, _logs) = (new PostgresRows(_calls), new PostgresLogs(_calls));
        _signals.Changed += (id, epoch) => _ = _logs.LookAsync(id, epoch, _stop.Token);
        (_time, _clock, _logger) = (time, clock, logger);
    }

    /// <summary>Makes sure of the schema and begins to listen.</summary>
    /// <exception cref="StorageException">The database cannot be reached, or its schema is too old.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _calls.CallAsync(
            async connection =>
            {
                await DatabaseSchema.CheckAsync(connection, cancellationToken);
                return true;
            },
            cancellationToken);
        await _clock.SetAsync(_calls, cancellationToken);
        _signals.Start();
        _looking = LookNowAndThenAsync();
    }

    public async Task<StoredSearch> CreateAsync(
        SearchHeader header, Func<SearchHeader, TenantStanding, Admission> admit, CancellationToken cancellationToken)
    {
        await _calls.CallAsync(connection => PostgresTenants.CreateAsync(connection, header, admit, cancellationToken), cancellationToken);
        return (header.RequestId.Length == 0
                ? await FindAsync(header.Id, cancellationToken)
                : await FindByRequestIdAsync(header.Tenant, header.RequestId, cancellationToken))
            ?? throw new StorageException($"search {header.Id} was deleted while it was created");
    }

    public async Task<StoredSearch?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await _rows.SearchesAsync("where id = @id", [("id", id)], cancellationToken)).SingleOrDefault();

    public async Task<StoredSearch?> FindByRequestIdAsync(string tenant, string requestId, CancellationToken cancellationToken) =>
        requestId.Length == 0
            ? null
            : (await _rows.SearchesAsync(
                "where tenant = @tenant and request_id = @request and request_id <> ''",
                [("tenant", tenant), ("request", requestId)],
                cancellationToken)).SingleOrDefault();

    public Task<IReadOnlyList<StoredSearch>> ListAsync(string? tenant, long? before, int count, CancellationToken cancellationToken) =>
        _rows.PageAsync(tenant, before ?? long.MaxValue, count, cancellationToken);

    public async Task<IReadOnlyList<(string Id, long Place)>> UnfinishedAsync(CancellationToken cancellationToken) =>
        await _calls.QueryAsync(
            "select id, place from searches where end_time is null order by sequence",
            [],
            row => (row.GetString(0), row.GetInt64(1)),
            cancellationToken);

    public async Task<long> CountWaitingAsync(CancellationToken cancellationToken) => (await _calls.QueryAsync(
        "select count(*) from searches where end_time is null and epoch = admitted_epoch", [], row => row.GetInt64(0), cancellationToken))[0];

    public async Task<IReadOnlyList<(string Id, DateTimeOffset EndTime)>> EndedAsync(
        DateTimeOffset before, bool withImages, int count, CancellationToken cancellationToken) =>
        await _calls.QueryAsync(
            "select id, end_time from searches where end_time < @before and not (@images and images_dropped) order by end_time limit @count",
            [("before", before.ToUniversalTime()), ("images", withImages), ("count", count)],
            row => (row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)),
            cancellationToken);

    public async Task<long> CountAsync(CancellationToken cancellationToken) =>
        (await _calls.QueryAsync("select count(*) from searches", [], row => row.GetInt64(0), cancellationToken))[0];

    public Task AloneAsync(Func<Task> work, CancellationToken cancellationToken) =>
        _calls.CallAsync(connection => DatabaseTurn.TryAsync(connection, work, cancellationToken), cancellationToken);

    public async Task<ISearchLog> TakeAsync(string id, string orchestrator, CancellationToken cancellationToken)
    {
        var taken = await _calls.QueryAsync(
            "update searches set epoch = epoch + 1, orchestrator = @orchestrator where id = @id returning epoch, last_number, cancel_requested",
            [("id", id), ("orchestrator", orchestrator)],
            row => (Epoch: row.GetInt64(0), Number: row.GetInt64(1), Cancel: row.GetBoolean(2)),
            cancellationToken);
        if (taken.Count == 0)
        {
            throw NotFound(id);
        }

        var (epoch, number, cancel) = taken[0];
        var log = new PostgresLog(id, epoch, number, cancel, _calls, _time, _logs.Remove);
        _logs.Add(log);
        await _calls.CallAsync(connection => DatabaseSignals.SendAsync(connection, id), CancellationToken.None);
        await _logs.LookAsync(id, epoch: null, cancellationToken);
        return log;
    }

    public async Task<IReadOnlyList<JournalEntry>> ReadAsync(string id, long after, CancellationToken cancellationToken) =>
        await _rows.EntriesAsync(id, after, int.MaxValue, cancellationToken);

    public Task<IReadOnlyDictionary<string, JournalEntry>> ReadLastAsync(IReadOnlyList<StoredSearch> searches, CancellationToken cancellationToken) =>
        _rows.LastEntriesAsync(searches, cancellationToken);

    public async IAsyncEnumerable<JournalEntry> FollowAsync(
        string id,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var follower = _signals.Follow(id);
        while (true)
        {
            var changed = follower.Next;
            var entries = await _rows.EntriesAsync(id, after, ReadAtOnce, cancellationToken);
            foreach (var entry in entries)
            {
                yield return entry;
                after = entry.Number;
            }

            if (entries.Count == 0)
            {
                if (await FindAsync(id, cancellationToken) is null)
                {
                    yield break;
                }

                await Task.WhenAny(changed, Task.Delay(LookAgain, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    public async Task<SampleImage?> FindImageAsync(string id, StoredImage image, CancellationToken cancellationToken) =>
        await _rows.BlobAsync(id, image.Digest, (long)image.Height * image.Width * image.Channels, cancellationToken) is { } pixels
            ? new SampleImage(pixels, image.Height, image.Width, image.Channels)
            : null;

    public async Task<LatentState?> FindLatentAsync(string id, StoredLatent latent, CancellationToken cancellationToken) =>
        await _rows.BlobAsync(id, latent.Digest, (long)sizeof(float) * latent.Channels * latent.Height * latent.Width, cancellationToken) is { } values
            ? new LatentState(values, latent.Channels, latent.Height, latent.Width)
            : null;

    public async Task RequestCancelAsync(string id, CancellationToken cancellationToken)
    {
        if (await _calls.ChangeAsync("update searches set cancel_requested = true where id = @id", [("id", id)], cancellationToken) == 0)
        {
            throw NotFound(id);
        }

        await _calls.CallAsync(connection => DatabaseSignals.SendAsync(connection, id), CancellationToken.None);
    }

    public async Task<StoredSearch> ReopenAsync(
        string id, Func<SearchHeader, long, TenantStanding, Admission> readmit, CancellationToken cancellationToken)
    {
        var search = await FindAsync(id, cancellationToken) ?? throw NotFound(id);
        await _calls.CallAsync(
            connection => PostgresTenants.ReopenAsync(connection, search.Header, readmit, _time.GetUtcNow(), cancellationToken), cancellationToken);
        await _calls.CallAsync(connection => DatabaseSignals.SendAsync(connection, id), CancellationToken.None);
        return await FindAsync(id, cancellationToken) ?? throw NotFound(id);
    }

    public Task DropImagesAsync(string id, CancellationToken cancellationToken) => _calls.ChangeAsync(
        """
        with ended as (update searches set images_dropped = true where id = @id and end_time is not null returning id)
        delete from blobs using ended where search_id = ended.id
        """,
        [("id", id)],
        cancellationToken);

    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        if (await _calls.ChangeAsync("delete from searches where id = @id and end_time is not null", [("id", id)], cancellationToken) == 0)
        {
            return await FindAsync(id, cancellationToken) is null;
        }

        await _calls.CallAsync(connection => DatabaseSignals.SendAsync(connection, id), CancellationToken.None);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        await _signals.DisposeAsync();
        await _database.DisposeAsync();
        _stop.Dispose();
    }

    private static KeyNotFoundException NotFound(string id) => new($"there is no search '{id}'");

    private async Task LookNowAndThenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(LookAgain, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await _logs.LookAsync(id: null, epoch: null, _stop.Token);
                await _clock.SetAsync(_calls, _stop.Token);
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                LogUnseen(_logger, e.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(EventName = "DatabaseUnseen", Level = LogLevel.Warning, Message = "The database does not say how searches stand ({Reason}); asking again")]
    private static partial void LogUnseen(ILogger logger, string reason);
}
