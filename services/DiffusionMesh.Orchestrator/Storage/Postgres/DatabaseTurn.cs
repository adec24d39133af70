using Npgsql;

namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>What one orchestrator at a time does.</summary>
internal static class DatabaseTurn
{
    // Any number of our own.
    private const long Lock = 0x44_4d_54_55_52_4e;

    /// <summary>Does the work, unless another connection is at it. The turn ends with the connection at the latest.</summary>
    /// <returns>False if another is at it.</returns>
    public static async Task<bool> TryAsync(NpgsqlConnection connection, Func<Task> work, CancellationToken cancellationToken)
    {
        await using var take = connection.Command("select pg_try_advisory_lock(@lock)", ("lock", Lock));
        if (await take.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return false;
        }

        try
        {
            await work();
        }
        finally
        {
            await using var leave = connection.Command("select pg_advisory_unlock(@lock)", ("lock", Lock));
            await leave.ExecuteNonQueryAsync(CancellationToken.None);
        }

        return true;
    }
}
