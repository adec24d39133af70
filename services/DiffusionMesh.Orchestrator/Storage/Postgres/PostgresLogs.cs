using System.Collections.Concurrent;

namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>The logs that this orchestrator writes to: they are told what others do to their searches.</summary>
internal sealed class PostgresLogs(DatabaseCalls calls)
{
    private readonly ConcurrentDictionary<PostgresLog, byte> _logs = new();

    public void Add(PostgresLog log) => _logs[log] = 0;

    public void Remove(PostgresLog log) => _logs.TryRemove(log, out _);

    /// <summary>Tells logs how their searches stand now.</summary>
    /// <param name="id">Of one search; null for all.</param>
    /// <param name="epoch">Of the owner that wrote to it: to its own log that tells nothing. Null if it was not the owner.</param>
    public async Task LookAsync(string? id, long? epoch, CancellationToken cancellationToken)
    {
        var logs = _logs.Keys.Where(log => id is null || (log.Id == id && log.Epoch != epoch)).ToArray();
        if (logs.Length == 0)
        {
            return;
        }

        try
        {
            var searches = (await calls.QueryAsync(
                "select id, epoch, cancel_requested from searches where id = any(@ids)",
                [("ids", logs.Select(log => log.Id).ToArray())],
                row => (Id: row.GetString(0), Epoch: row.GetInt64(1), Cancel: row.GetBoolean(2)),
                cancellationToken)).ToDictionary(search => search.Id, StringComparer.Ordinal);
            foreach (var log in logs)
            {
                var isKept = searches.TryGetValue(log.Id, out var search);
                log.See(isKept ? search.Epoch : null, search.Cancel);
            }
        }
        catch (StorageException)
        {
            // The next write says so, and whoever writes is told.
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody waits for it any more.
        }
    }
}
