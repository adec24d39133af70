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

    public required int FinalSteps { get; init; }

    public required int KBest { get; init; }

    public required double? TargetScore { get; init; }

    public required double? MaxSeconds { get; init; }

    public required string Model { get; init; }

    public required string ModelDigest { get; init; }

    public required string ComputeClass { get; init; }

    public required IReadOnlyList<VerifierSelectionSection> Verifiers { get; init; }

    /// <summary>How several verifiers choose together.</summary>
    public required string Ensemble { get; init; }

    public required bool StopOnHacking { get; init; }
}

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
