namespace DiffusionMesh.Cli.Experiments.Storage;

/// <summary>A finished run: a line of <c>runs.jsonl</c>.</summary>
internal sealed record StoredRun
{
    public required string Key { get; init; }

    /// <summary>What was run, in words, for people who read the file.</summary>
    public required string What { get; init; }

    public required string Search { get; init; }

    public required DateTimeOffset Ended { get; init; }

    public required string StopReason { get; init; }

    public required StoredLedger Ledger { get; init; }

    /// <summary>In the order of proposal. For a search that is no pool: the chosen one alone.</summary>
    public required IReadOnlyList<StoredCandidate> Candidates { get; init; }

    /// <summary>How many candidates the search had.</summary>
    public required int CandidateCount { get; init; }

    /// <summary>Identifier of the chosen candidate; null if there is none.</summary>
    public string? Best { get; init; }

    /// <summary>[H, W, C] of every image.</summary>
    public required IReadOnlyList<int> ImageShape { get; init; }

    public required IReadOnlyList<string> Degradations { get; init; }
}

/// <summary>A candidate; for a chosen one that had a final run, scores and image are those of that run.</summary>
/// <param name="Image">Where its pixels begin in <c>images.bin</c>; null if they were not kept.</param>
internal sealed record StoredCandidate(
    string Id, int Round, long Nfe, long NfePath, IReadOnlyDictionary<string, double> Scores, string PixelDigest, long? Image);

internal sealed record StoredLedger(
    long NfeSearch, long NfeFinal, long NfeWasted, long NetworkRows, long Decodes, long VerifierCalls, double WallSeconds);
