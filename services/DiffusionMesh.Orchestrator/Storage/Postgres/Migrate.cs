using Npgsql;

namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>The argument <c>migrate</c> of the host: brings the database up to date and ends.</summary>
public static class Migrate
{
    /// <param name="args">Configuration, as for the host.</param>
    /// <returns>The exit code: 0, or 1 with the reason on standard error.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var options = builder.Configuration.GetSection(OrchestratorOptions.Section).Get<OrchestratorOptions>() ?? new();
        if (string.IsNullOrWhiteSpace(options.Database))
        {
            await Console.Error.WriteLineAsync("Orchestrator:Database must name the database to migrate");
            return 1;
        }

        try
        {
            await using var database = NpgsqlDataSource.Create(options.Database);
            var (before, after) = await DatabaseSchema.MigrateAsync(database, CancellationToken.None);
            Console.WriteLine(before == after ? $"schema version {after}: nothing to do" : $"schema version {before} -> {after}");
            return 0;
        }
        catch (Exception e) when (e is NpgsqlException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"the database that Orchestrator:Database names cannot be migrated: {e.Message}");
            return 1;
        }
    }
}
