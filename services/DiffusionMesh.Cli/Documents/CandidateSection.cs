using System.Text.Json.Serialization;

namespace DiffusionMesh.Cli.Documents;

internal sealed record CandidateSection
{
    public required string Id { get; init; }

    /// <summary>The candidate it was derived from; null for a fresh one.</summary>
    public required string? Parent { get; init; }

    public required int Round { get; init; }

    /// <summary>Null for one that goes on from the state of another.</summary>
    public required NoiseSection? Noise { get; init; }

    /// <summary>The noise with which the state that it goes on from was noised up; null if it was taken as it is.</summary>
    public required NoiseSection? RenoiseDraw { get; init; }

    /// <summary>Where its segment starts: 1 is noise, 0 is data.</summary>
    public required double FromNoiseLevel { get; init; }

    /// <summary>Where its segment ends: at 0 a finished sample, else a draft, which can never be the best.</summary>
    public required double ToNoiseLevel { get; init; }

    /// <summary>Steps of its segment.</summary>
    public required int Steps { get; init; }

    /// <summary>Whether it is unfinished: its scores are those of a prediction, and it is never the best.</summary>
    public bool IsDraft => ToNoiseLevel > 0;

    /// <summary>Evaluated for it since its parent.</summary>
    public required long Nfe { get; init; }

    /// <summary>Evaluated along its lineage.</summary>
    public required long NfePath { get; init; }

    /// <summary>By verifier; null where a verifier has failed.</summary>
    public required IReadOnlyDictionary<string, double?> Scores { get; init; }

    /// <summary>Why scores are missing, by verifier; null if none is.</summary>
    public required IReadOnlyDictionary<string, string>? ScoreErrors { get; init; }

    public required string State { get; init; }

    public required string? PixelDigest { get; init; }
}

/// <summary>Where noise is found: at the address of a draw, rotated towards other draws one after the other.</summary>
internal sealed record NoiseSection(NoiseAddressSection Draw, IReadOnlyList<RotationSection> Rotations);

internal sealed record NoiseAddressSection(ulong Seed, IReadOnlyList<uint> Lineage)
{
    /// <summary>What makes the values, where it is not Philox.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Generator { get; init; }
}

internal sealed record RotationSection(NoiseAddressSection Toward, double Cosine);
