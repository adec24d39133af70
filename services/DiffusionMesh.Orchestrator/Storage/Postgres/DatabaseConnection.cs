using Npgsql;

namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>
/// How the database is connected to. An orchestrator that stands still in the middle of a transaction holds its locks, the
/// scheduler's too, and nobody could take its searches on: the server cuts it off.
/// </summary>
internal static class DatabaseConnection
{
    private const string Limit = "idle_in_transaction_session_timeout";
    private const int LimitMilliseconds = 10_000;

    /// <param name="connectionString">As it is configured; a limit of its own is left alone.</param>
    public static string StringOf(string connectionString)
    {
        NpgsqlConnectionStringBuilder connection;
        try
        {
            connection = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException)
        {
            // Whoever connects with it says what is wrong.
            return connectionString;
        }

        if (connection.Options?.Contains(Limit, StringComparison.Ordinal) != true)
        {
            connection.Options = FormattableString.Invariant($"{connection.Options} -c {Limit}={LimitMilliseconds}").Trim();
        }

        return connection.ConnectionString;
    }
}
