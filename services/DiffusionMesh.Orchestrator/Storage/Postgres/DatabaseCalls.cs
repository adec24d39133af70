using System.Diagnostics;
using Npgsql;

namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>Calls to the database that wait while it is away, for so long. What is called must bear being called again.</summary>
internal sealed class DatabaseCalls(NpgsqlDataSource database, TimeSpan patience)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    // idle_in_transaction_session_timeout
    private const string IdleInTransaction = "25P03";

    /// <exception cref="StorageException">The database stayed away, or refuses.</exception>
    public async Task<T> CallAsync<T>(Func<NpgsqlConnection, Task<T>> call, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        for (var delay = FirstDelay; ; delay = delay < LongestDelay ? 2 * delay : LongestDelay)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                return await call(connection);
            }
            catch (NpgsqlException e) when (IsPassing(e) && Stopwatch.GetElapsedTime(began) < patience)
            {
                await Task.Delay(delay, cancellationToken);
            }
            catch (NpgsqlException e)
            {
                throw new StorageException(
                    $"the database that Orchestrator:Database names does not answer as it should: {e.Message}. What was written before is kept", e);
            }
        }
    }

    /// <exception cref="StorageException">As above.</exception>
    public Task<List<T>> QueryAsync<T>(
        string sql, (string Name, object Value)[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) => CallAsync(
        async connection =>
        {
            await using var query = connection.Command(sql, parameters);
            await using var rows = await query.ExecuteReaderAsync(cancellationToken);
            var found = new List<T>();
            while (await rows.ReadAsync(cancellationToken))
            {
                found.Add(read(rows));
            }

            return found;
        },
        cancellationToken);

    /// <returns>How many rows were changed.</returns>
    /// <exception cref="StorageException">As above.</exception>
    public Task<int> ChangeAsync(string sql, (string Name, object Value)[] parameters, CancellationToken cancellationToken) => CallAsync(
        async connection =>
        {
            await using var change = connection.Command(sql, parameters);
            return await change.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);

    // Beside what Npgsql calls transient: shut down, crashed, not up yet; cut off because this process stood still.
    private static bool IsPassing(NpgsqlException e) =>
        e.IsTransient
        || e.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or IdleInTransaction;
}
