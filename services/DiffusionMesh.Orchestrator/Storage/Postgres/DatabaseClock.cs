namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>
/// The database's time, the same for all its orchestrators however their own clocks are set: one that is ahead would take the
/// others for dead. The machine's own time until the database was asked.
/// </summary>
internal sealed class DatabaseClock : TimeProvider
{
    private volatile Reading? _reading;

    public override DateTimeOffset GetUtcNow() => _reading is { } reading ? reading.Time + GetElapsedTime(reading.At) : base.GetUtcNow();

    /// <param name="time">What the database said.</param>
    /// <param name="at">When it was asked, as a timestamp.</param>
    public void Set(DateTimeOffset time, long at) => _reading = new Reading(time, at);

    /// <summary>Asks the database.</summary>
    /// <exception cref="StorageException">It does not answer.</exception>
    public async Task SetAsync(DatabaseCalls calls, CancellationToken cancellationToken)
    {
        var readings = await calls.QueryAsync(
            "select clock_timestamp()", [], row => (Time: row.GetFieldValue<DateTimeOffset>(0), At: GetTimestamp()), cancellationToken);
        Set(readings[0].Time, readings[0].At);
    }

    private sealed record Reading(DateTimeOffset Time, long At);
}
