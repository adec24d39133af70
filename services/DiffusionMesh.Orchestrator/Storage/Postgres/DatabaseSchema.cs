using System.Reflection;
using Npgsql;

namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>
/// The tables, as numbered scripts that are applied once each. Scripts only add, so that orchestrators of the version before
/// go on while a new one is rolled out.
/// </summary>
internal static class DatabaseSchema
{
    // Any number of our own.
    private const long Lock = 0x44_4d_45_53_48;

    private const string QuartzScript = "Quartz.Impl.AdoJobStore.Schema.create_postgres.sql";
    private const string QuartzPrefix = "qrtz_";

    private static readonly Func<string>[] Migrations =
    [
        () => Read(typeof(DatabaseSchema).Assembly, "0001_searches.sql"),
        () => Read(typeof(Quartz.IScheduler).Assembly, QuartzScript).Replace("{0}", QuartzPrefix).Replace("{1}", QuartzPrefix),
        () => Read(typeof(DatabaseSchema).Assembly, "0003_tenants.sql"),
        () => Read(typeof(DatabaseSchema).Assembly, "0004_retention.sql"),
        () => Read(typeof(DatabaseSchema).Assembly, "0005_flows.sql"),
    ];

    /// <summary>Brings a database up to date. Several may try at once.</summary>
    /// <returns>The versions before and after.</returns>
    public static async Task<(int Before, int After)> MigrateAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, $"select pg_advisory_xact_lock({Lock})", cancellationToken);
        var before = await VersionAsync(connection, cancellationToken);
        if (before == 0)
        {
            await RunAsync(
                connection,
                "create table if not exists diffusionmesh_schema (version int primary key, applied timestamptz not null default now())",
                cancellationToken);
        }

        for (var version = before + 1; version <= Migrations.Length; version++)
        {
            await RunAsync(connection, Migrations[version - 1](), cancellationToken);
            await RunAsync(connection, $"insert into diffusionmesh_schema (version) values ({version})", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return (before, Math.Max(before, Migrations.Length));
    }

    /// <exception cref="StorageException">The schema is older than this orchestrator.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await VersionAsync(connection, cancellationToken) is var version && version < Migrations.Length)
        {
            throw new StorageException(
                $"the database that Orchestrator:Database names has schema version {version}, and this orchestrator needs {Migrations.Length}. "
                + "Run: DiffusionMesh.Orchestrator migrate --Orchestrator:Database=CONNECTION");
        }
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("select to_regclass('diffusionmesh_schema') is not null", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return 0;
        }

        await using var version = new NpgsqlCommand("select coalesce(max(version), 0) from diffusionmesh_schema", connection);
        return (int)(await version.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // Our own scripts and numbers: nothing that a user wrote.
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Read(Assembly assembly, string name)
    {
        var resource = assembly.GetManifestResourceNames().Single(resource => resource.EndsWith(name, StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
