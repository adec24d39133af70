using Npgsql;

namespace DiffusionMesh.Cluster.Tests.Kills;

/// <summary>Holds up one write to the journals of a database, in the middle of its transaction.</summary>
internal sealed class JournalTrap : IAsyncDisposable
{
    // The writer waits for a lock that the trap holds.
    private const int Lock = 7;

    // No entry has this number: it stands for the one that ends a search.
    private const long End = 0;

    private const string Triggers = """
        create table trap (number bigint);
        create function hold() returns trigger language plpgsql as $$
        begin
            perform pg_advisory_xact_lock_shared(7) from trap
            where number = case tg_table_name when 'journal' then (to_jsonb(new) ->> 'number')::bigint else 0 end;
            return new;
        end $$;
        create trigger hold before insert on journal for each row execute function hold();
        create trigger hold before update on searches for each row
            when (old.end_time is null and new.end_time is not null) execute function hold();
        """;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);

    private readonly NpgsqlDataSource _database;
    private readonly NpgsqlConnection _holder;

    private JournalTrap(NpgsqlDataSource database, NpgsqlConnection holder) => (_database, _holder) = (database, holder);

    /// <param name="connection">To a database with its tables.</param>
    public static async Task<JournalTrap> InstallAsync(string connection)
    {
        var database = NpgsqlDataSource.Create(connection);
        var trap = new JournalTrap(database, await database.OpenConnectionAsync());
        await trap.RunAsync(Triggers);
        return trap;
    }

    /// <param name="number">Of the entry whose write is held up; null for the one that ends a search.</param>
    public Task SetAsync(int? number) => RunAsync($"select pg_advisory_lock({Lock}); insert into trap values ({number ?? End})");

    /// <summary>Waits until a write is held up.</summary>
    public async Task<TrappedWriter> SprungAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Between);
        while (true)
        {
            await using (var ask = _database.CreateCommand(
                "select a.pid, a.application_name from pg_locks l join pg_stat_activity a using (pid) "
                + "where l.locktype = 'advisory' and not l.granted and a.datname = current_database()"))
            await using (var rows = await ask.ExecuteReaderAsync(cancellationToken))
            {
                if (await rows.ReadAsync(cancellationToken))
                {
                    return new(rows.GetInt32(0), rows.GetString(1));
                }
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Lets go of a writer whose client is dead, and waits until it has ended.</summary>
    /// <param name="keep">Whether its transaction is committed.</param>
    /// <returns>How many entries its search has then: those of nobody else, if the transaction is lost.</returns>
    public async Task<long> ReleaseAsync(TrappedWriter writer, string searchId, bool keep)
    {
        if (keep)
        {
            await OpenAsync();
            await EndedAsync(writer);
            return await EntriesAsync(searchId);
        }

        await RunAsync($"select pg_terminate_backend({writer.Process})");
        await EndedAsync(writer);
        var entries = await EntriesAsync(searchId);
        await OpenAsync();
        return entries;
    }

    /// <summary>Holds nothing up any more.</summary>
    public Task OpenAsync() => RunAsync($"delete from trap; select pg_advisory_unlock({Lock})");

    public Task<long> EntriesAsync(string searchId) => ScalarAsync($"select count(*) from journal where search_id = '{searchId}'");

    public async ValueTask DisposeAsync()
    {
        await _holder.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task EndedAsync(TrappedWriter writer)
    {
        using var timer = new PeriodicTimer(Between);
        while (await ScalarAsync($"select count(*) from pg_stat_activity where pid = {writer.Process}") > 0)
        {
            await timer.WaitForNextTickAsync();
        }
    }

    // On the connection that holds the lock.
    private async Task RunAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _holder);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>Whose write is held up.</summary>
/// <param name="Process">The database's, for its connection.</param>
/// <param name="Orchestrator">As its connection names it.</param>
internal sealed record TrappedWriter(int Process, string Orchestrator);
