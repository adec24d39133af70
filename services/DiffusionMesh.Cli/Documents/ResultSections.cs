namespace DiffusionMesh.Cli.Documents;

/// <summary>One of the best candidates and the image written for it.</summary>
internal sealed record BestSection
{
    public required string Candidate { get; init; }

    /// <summary>What the search selected by: the score under its only verifier, or under several the mean rank (1 is best) or the mean z-score.</summary>
    public required double SearchScore { get; init; }

    /// <summary>The score of the image written; null if several verifiers select, or the only one has failed on it.</summary>
    public required double? Score { get; init; }

    /// <summary>The scores of the image written, by verifier; null where a verifier has failed.</summary>
    public required IReadOnlyDictionary<string, double?> Scores { get; init; }

    /// <summary>The file beside <c>search.json</c>.</summary>
    public required string Image { get; init; }

    /// <summary>SHA-256 over the pixels of the image, "sha256:" and 64 hexadecimal digits.</summary>
    public required string PixelDigest { get; init; }
}

/// <summary>What the search has cost.</summary>
internal sealed record LedgerSection
{
    public required NfeSection Nfe { get; init; }

    public required long NetworkRows { get; init; }

    public required long Decodes { get; init; }

    /// <summary>Candidates scored, by verifier.</summary>
    public required IReadOnlyDictionary<string, long> VerifierCalls { get; init; }

    public required double WallSeconds { get; init; }
}

/// <summary>Evaluations of the denoiser.</summary>
internal sealed record NfeSection
{
    public required long Search { get; init; }

    public required long Final { get; init; }

    public required long Wasted { get; init; }

    public required long Total { get; init; }
}

/// <summary>How the scores of a verifier are to be read.</summary>
internal sealed record VerifierSection
{
    public required string Name { get; init; }

    public required double Minimum { get; init; }

    public required double Maximum { get; init; }

    public required double? RealMean { get; init; }

    public required double? RealStandardDeviation { get; init; }

    public required bool HigherIsBetter { get; init; }

    public required string Description { get; init; }
}
