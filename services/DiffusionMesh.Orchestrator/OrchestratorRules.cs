using DiffusionMesh.Transport;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DiffusionMesh.Orchestrator;

/// <summary>Refuses addresses that are none, and storage that is not named or named wrongly.</summary>
internal sealed class OrchestratorRules : IValidateOptions<OrchestratorOptions>
{
    private const string Denoiser = $"{OrchestratorOptions.Section}:{nameof(OrchestratorOptions.Denoiser)}";
    private const string Verifiers = $"{OrchestratorOptions.Section}:{nameof(OrchestratorOptions.Verifiers)}";

    public ValidateOptionsResult Validate(string? name, OrchestratorOptions options)
    {
        var problems = options.Verifiers.Select(verifier => (Setting: $"{Verifiers}:{verifier.Key}", Address: verifier.Value))
            .Prepend((Setting: Denoiser, Address: options.Denoiser))
            .Where(setting => !MeshAddress.IsValid(setting.Address))
            .Select(setting => $"{setting.Setting} is '{setting.Address}'; it {MeshAddress.Rule}")
            .ToList();
        if (StorageProblem(options) is { } problem)
        {
            problems.Add(problem);
        }

        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private static string? StorageProblem(OrchestratorOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Database))
        {
            return string.IsNullOrWhiteSpace(options.DataDirectory)
                ? "Orchestrator:DataDirectory must name a folder for the searches, as Orchestrator:Database names no database"
                : null;
        }

        try
        {
            using var database = NpgsqlDataSource.Create(options.Database);
            return null;
        }
        catch (ArgumentException error)
        {
            // What it says holds names of the string, never values.
            return $"Orchestrator:Database must be a connection string such as Host=HOST;Database=NAME;Username=USER: {error.Message}";
        }
    }
}
