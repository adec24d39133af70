using System.Diagnostics.CodeAnalysis;
using DiffusionMesh.ServiceDefaults;
using Npgsql;

namespace DiffusionMesh.Orchestrator.Storage.Postgres;

/// <summary>The argument <c>migrate</c> of the host: brings the database up to date and ends.</summary>
public static class Migrate
{
    private const string Word = "migrate";
    private const string Setting = $"{OrchestratorOptions.Section}:{nameof(OrchestratorOptions.Database)}";

    /// <summary>Whether a command line asks for it: the word stands somewhere on it, and is not the value of an option.</summary>
    /// <param name="settings">All other words.</param>
    public static bool TryRead(string[] args, [NotNullWhen(true)] out string[]? settings)
    {
        var place = Enumerable.Range(0, args.Length).FirstOrDefault(i => args[i] == Word && (i == 0 || !TakesNext(args[i - 1])), -1);
        settings = place < 0 ? null : [.. args[..place], .. args[(place + 1)..]];
        return settings is not null;
    }

    /// <param name="args">Configuration, as for the host; only the database is read, and the file of settings.</param>
    /// <returns>The exit code: 0, or 1 with the reason on standard error.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            builder.AddSettingsFile();
            if (builder.Configuration[Setting] is not { } connection || string.IsNullOrWhiteSpace(connection))
            {
                await Console.Error.WriteLineAsync($"{Setting} must name the database to migrate");
                return 1;
            }

            await using var database = NpgsqlDataSource.Create(connection);
            var (before, after) = await DatabaseSchema.MigrateAsync(database, CancellationToken.None);
            Console.WriteLine(before == after ? $"schema version {after}: nothing to do" : $"schema version {before} -> {after}");
            return 0;
        }
        catch (Exception e) when (e is NpgsqlException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"the database that {Setting} names cannot be migrated: {e.Message}");
            return 1;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    // As the host reads its command line: --name=value, or --name value.
    private static bool TakesNext(string word) => (word.StartsWith('-') || word.StartsWith('/')) && !word.Contains('=', StringComparison.Ordinal);
}
