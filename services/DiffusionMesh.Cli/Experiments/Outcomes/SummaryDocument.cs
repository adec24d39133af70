using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DiffusionMesh.Cli.Experiments.Outcomes;

/// <summary>The content of <c>summary.json</c>.</summary>
/// <param name="Features">Name of the feature space of fid, is, precision, recall and class_probability; null if none was found.</param>
/// <param name="Complete">Whether every run has ended.</param>
/// <param name="Verifiers">Digests of their weights.</param>
internal sealed record SummaryDocument(
    string Name,
    string Title,
    string BudgetUnit,
    bool Complete,
    string? Features,
    string? FeaturesDigest,
    BaselineSection? Baseline,
    IReadOnlyDictionary<string, string> Models,
    IReadOnlyDictionary<string, string> Verifiers,
    IReadOnlyList<string> Notes,
    IReadOnlyList<CellSection> Cells);

internal sealed record BaselineSection(string Algorithm, string? Select, double? Budget);

internal sealed record CellSection(
    string Model,
    double Guidance,
    string Algorithm,
    string Select,
    double Budget,
    int Samples,
    int Expected,
    double NfePerSample,
    IReadOnlyDictionary<string, IntervalSection> Metrics,
    IReadOnlyDictionary<string, IntervalSection> Differences);

/// <summary>A value with its 95 % interval.</summary>
/// <param name="N">Independent observations: samples, or groups of seeds for metrics of sets.</param>
/// <param name="LowByCondition">Only of means: with conditions as the observations.</param>
internal sealed record IntervalSection(double Value, double? Low, double? High, int N, double? LowByCondition, double? HighByCondition);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SummaryDocument))]
[JsonSerializable(typeof(ExperimentReceipt))]
internal sealed partial class SummaryJson : JsonSerializerContext
{
    public static SummaryJson Legible { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>What <c>--json</c> prints after an experiment.</summary>
internal sealed record ExperimentReceipt(string Directory, IReadOnlyList<string> Files, int Runs, int Missing, double EstimatedSeconds);
