using System.Text.Json.Serialization;

namespace DiffusionMesh.Cli.Documents;

/// <summary>Everything that determines the result of a search, defaults and digests filled in.</summary>
internal sealed record SpecSection
{
    public required ConditionSection Condition { get; init; }

    public required ConditionSection? NegativeCondition { get; init; }

    public required string Algorithm { get; init; }

    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    public required ulong Seed { get; init; }

    public required long BudgetNfe { get; init; }

    public required string Sampler { get; init; }

    public required int Steps { get; init; }

    public required double? Guidance { get; init; }

    /// <summary>How paths were followed, beside that; null in documents of services that do not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SamplingSection? Sampling { get; init; }

    /// <summary>Seed of the torch generator that the first candidate began with; null if it did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ulong? TorchSeed { get; init; }

    public required int FinalSteps { get; init; }

    public required int KBest { get; init; }

    public required double? TargetScore { get; init; }

    public required double? MaxSeconds { get; init; }

    public required string Model { get; init; }

    public required string ModelDigest { get; init; }

    public required string ComputeClass { get; init; }

    /// <summary>What followed where a denoiser was of another compute class: refuse or record.</summary>
    public required string OnOtherComputeClass { get; init; }

    public required IReadOnlyList<VerifierSelectionSection> Verifiers { get; init; }

    /// <summary>How several verifiers choose together.</summary>
    public required string Ensemble { get; init; }

    public required bool StopOnHacking { get; init; }
}

/// <summary>Options of sampling, defaults filled in.</summary>
/// <param name="Eta">Null for a sampler that draws no noise.</param>
/// <param name="Schedule">Where the sampler stopped on its way.</param>
/// <param name="ResolutionShift">1 if nothing was shifted.</param>
/// <param name="GuidanceRescale">0 if guidance was not rescaled.</param>
/// <param name="GuidanceFromNoiseLevel">The noisiest level at which guidance acted.</param>
/// <param name="GuidanceToNoiseLevel">The cleanest level at which guidance acted.</param>
internal sealed record SamplingSection(
    double? Eta, string Schedule, double ResolutionShift, double GuidanceRescale, double GuidanceFromNoiseLevel, double GuidanceToNoiseLevel);

/// <summary>What samples should show: a prompt or a class, never both; neither means "no condition".</summary>
internal sealed record ConditionSection
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Prompt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ClassLabel { get; init; }

    /// <summary>The model's name for the class, if it has one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClassName { get; init; }
}

internal sealed record VerifierSelectionSection
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>Where it was reached; null if it is one that the services were configured with.</summary>
    public required string? Address { get; init; }

    public required double Weight { get; init; }

    /// <summary>Whether it only judges.</summary>
    public required bool HeldOut { get; init; }

    public required string OnFailure { get; init; }

    public required string OnReplacement { get; init; }

    public required string WeightsDigest { get; init; }

    public required string ComputeClass { get; init; }
}
