using Npgsql;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>Databases whose clock is not that of the machine.</summary>
internal static class MovedClock
{
    /// <param name="by">How far the clock is ahead.</param>
    /// <returns>How to connect, so that the database says so.</returns>
    public static async Task<string> MoveAsync(string connectionString, TimeSpan by)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        var ahead = FormattableString.Invariant($"interval '{(long)by.TotalSeconds} seconds'");
        await using var move = database.CreateCommand(
            $"""
            create schema moved;
            create function moved.clock_timestamp() returns timestamptz language sql as $$ select pg_catalog.clock_timestamp() + {ahead} $$;
            create function moved.now() returns timestamptz language sql as $$ select pg_catalog.now() + {ahead} $$;
            """);
        await move.ExecuteNonQueryAsync();
        return $"{connectionString};Search Path=\"moved,pg_catalog,public\"";
    }
}
