using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Npgsql;

namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>
/// Creates and reopens searches in the database, one of a tenant at a time, so that what the tenant may have is never
/// overdrawn. Each is one transaction that bears being sent again.
/// </summary>
internal static class PostgresTenants
{
    // The first half of advisory locks whose second half is a tenant. Any number of our own.
    private const int TenantLocks = 0x44_4d_54;

    public static async Task<bool> CreateAsync(
        NpgsqlConnection connection,
        SearchHeader header,
        Func<SearchHeader, TenantStanding, Admission> admit,
        CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, header.Tenant, cancellationToken);
        await using (var known = connection.Command(
            "select 1 from searches where id = @id or (tenant = @tenant and request_id = @request and request_id <> '')",
            ("id", header.Id),
            ("tenant", header.Tenant),
            ("request", header.RequestId)))
        {
            if (await known.ExecuteScalarAsync(cancellationToken) is not null)
            {
                return false;
            }
        }

        var standing = await StandingAsync(connection, header, cancellationToken);
        var admission = admit(header, standing);
        await using (var insert = connection.Command(
            """
            insert into searches (id, tenant, request_id, header, place, finish, priority, nfe_day, nfe_held)
            values (@id, @tenant, @request, @header, @place, @finish, @priority, @day, @held)
            """,
            ("id", header.Id),
            ("tenant", header.Tenant),
            ("request", header.RequestId),
            ("header", header.ToByteArray()),
            ("place", admission.Place),
            ("finish", admission.Finish),
            ("priority", (int)header.Spec.Priority),
            ("day", Day(standing)),
            ("held", admission.Nfe)))
        {
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await HoldAsync(connection, header.Tenant, Day(standing), admission.Nfe, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public static async Task<bool> ReopenAsync(
        NpgsqlConnection connection,
        SearchHeader header,
        Func<SearchHeader, long, TenantStanding, Admission> readmit,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, header.Tenant, cancellationToken);
        long epoch, number, kept;
        await using (var ended = connection.Command(
            "select epoch, last_number, nfe_kept from searches where id = @id and end_time is not null and not images_dropped for update",
            ("id", header.Id)))
        {
            await using var row = await ended.ExecuteReaderAsync(cancellationToken);
            if (!await row.ReadAsync(cancellationToken))
            {
                return false;
            }

            (epoch, number, kept) = (row.GetInt64(0), row.GetInt64(1) + 1, row.GetInt64(2));
        }

        var standing = await StandingAsync(connection, header, cancellationToken);
        var admission = readmit(header, kept, standing);
        var entry = new JournalEntry { Number = number, Epoch = epoch, Time = Timestamp.FromDateTimeOffset(now), Reopened = new Reopened() };
        await using (var reopen = connection.Command(
            """
            with reopened as (
                update searches
                set last_number = @number, end_time = null, cancel_requested = false, admitted_epoch = epoch,
                    place = @place, finish = @finish, nfe_day = @day, nfe_held = @held, nfe_before = nfe_total
                where id = @id
                returning id)
            insert into journal (search_id, number, entry) select id, @number, @entry from reopened
            """,
            ("id", header.Id),
            ("number", number),
            ("entry", entry.ToByteArray()),
            ("place", admission.Place),
            ("finish", admission.Finish),
            ("day", Day(standing)),
            ("held", admission.Nfe)))
        {
            await reopen.ExecuteNonQueryAsync(cancellationToken);
        }

        await HoldAsync(connection, header.Tenant, Day(standing), admission.Nfe, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task LockAsync(NpgsqlConnection connection, string tenant, CancellationToken cancellationToken)
    {
        await using var held = connection.Command("select pg_advisory_xact_lock(@kind, hashtext(@tenant))", ("kind", TenantLocks), ("tenant", tenant));
        await held.ExecuteNonQueryAsync(cancellationToken);
    }

    // Days are counted by the database's clock, the same one for all orchestrators.
    private static async Task<TenantStanding> StandingAsync(NpgsqlConnection connection, SearchHeader header, CancellationToken cancellationToken)
    {
        await using var query = connection.Command(
            """
            select
                (select count(*) from searches where end_time is null and epoch = admitted_epoch and tenant = @tenant),
                coalesce(
                    (select min(place) from searches where end_time is null and epoch = admitted_epoch),
                    greatest((select max(place) from searches where end_time is null), (select max(finish) from flows)),
                    0),
                coalesce(
                    greatest(
                        (select max(finish) from searches where end_time is null and tenant = @tenant and priority = @priority),
                        (select finish from flows where tenant = @tenant and priority = @priority)),
                    0),
                coalesce((select nfe from nfe_days where tenant = @tenant and day = (now() at time zone 'utc')::date), 0),
                now()
            """,
            ("tenant", header.Tenant),
            ("priority", (int)header.Spec.Priority));
        await using var row = await query.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new TenantStanding(
            (int)row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetFieldValue<DateTimeOffset>(4));
    }

    private static async Task HoldAsync(NpgsqlConnection connection, string tenant, DateOnly day, long nfe, CancellationToken cancellationToken)
    {
        await using var hold = connection.Command(
            "insert into nfe_days (tenant, day, nfe) values (@tenant, @day, @nfe) on conflict (tenant, day) do update set nfe = nfe_days.nfe + excluded.nfe",
            ("tenant", tenant),
            ("day", day),
            ("nfe", nfe));
        await hold.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DateOnly Day(TenantStanding standing) => DateOnly.FromDateTime(standing.Now.UtcDateTime);
}
