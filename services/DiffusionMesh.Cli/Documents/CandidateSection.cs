namespace DiffusionMesh.Cli.Documents;

internal sealed record CandidateSection
{
    public required string Id { get; init; }

    /// <summary>The candidate it was derived from; null for a fresh one.</summary>
    public required string? Parent { get; init; }

    public required int Round { get; init; }

    public required NoiseSection? Noise { get; init; }

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

internal sealed record NoiseAddressSection(ulong Seed, IReadOnlyList<uint> Lineage);

internal sealed record RotationSection(NoiseAddressSection Toward, double Cosine);
