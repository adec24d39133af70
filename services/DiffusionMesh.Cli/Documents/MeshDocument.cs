namespace DiffusionMesh.Cli.Documents;

/// <summary>What <c>models --json</c> prints.</summary>
internal sealed record MeshDocument(
    IReadOnlyList<ModelSection> Models,
    IReadOnlyList<ServedVerifierSection> Verifiers,
    IReadOnlyList<AlgorithmSection> Algorithms);

/// <summary>What <c>models list|load|unload --json</c> prints.</summary>
internal sealed record ModelsDocument(IReadOnlyList<ModelSection> Models);

internal sealed record ModelSection
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    public required string State { get; init; }

    public required string? Error { get; init; }

    public required string Digest { get; init; }

    public required string Form { get; init; }

    public required string Prediction { get; init; }

    public required IReadOnlyList<long> LatentShape { get; init; }

    public required IReadOnlyList<long> ImageShape { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required bool AcceptsPrompt { get; init; }

    public required IReadOnlyList<string> Samplers { get; init; }

    public required SamplingDefaultsSection? Defaults { get; init; }

    public required string ComputeClass { get; init; }

    /// <summary>exact, padded or none: whether a row's bits depend on its neighbours.</summary>
    public required string? Determinism { get; init; }

    /// <summary>What one evaluation takes at some numbers of rows.</summary>
    public required IReadOnlyList<BatchPointSection> BatchCurve { get; init; }

    public required string Description { get; init; }

    public required string License { get; init; }
}

internal sealed record BatchPointSection(int Rows, double Seconds);

internal sealed record SamplingDefaultsSection(string Sampler, int Steps, double Guidance);

internal sealed record ServedVerifierSection
{
    public required string Name { get; init; }

    public required string Address { get; init; }

    /// <summary>Why it does not answer; null if it does.</summary>
    public required string? Error { get; init; }

    public required string? Version { get; init; }

    public required string? WeightsDigest { get; init; }

    /// <summary>Null if the verifier does not answer.</summary>
    public required VerifierSection? Scores { get; init; }

    public required IReadOnlyList<string> Conditions { get; init; }
}

internal sealed record AlgorithmSection(string Name, string Description, IReadOnlyList<AlgorithmParameterSection> Parameters);

internal sealed record AlgorithmParameterSection(string Name, string Description, string Default);
