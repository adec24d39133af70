namespace DiffusionMesh.Cli.Documents;

/// <summary>What <c>search.json</c> holds: everything about a search but its pixels.</summary>
/// <remarks>Two runs of one specification differ in the identifier, the times and the wall seconds alone.</remarks>
internal sealed record SearchDocument
{
    public required SearchSection Search { get; init; }

    /// <summary>The winner; null if no candidate was scored.</summary>
    public required BestSection? Best { get; init; }

    /// <summary>The second best to the k-th best, where more than one was asked for.</summary>
    public required IReadOnlyList<BestSection> RunnersUp { get; init; }

    public required LedgerSection Ledger { get; init; }

    /// <summary>What the scores mean, for each verifier of the specification.</summary>
    public required IReadOnlyList<VerifierSection> Verifiers { get; init; }

    /// <summary>What the search went on without, or with another verifier than it began with: one sentence each.</summary>
    public required IReadOnlyList<string> Degradations { get; init; }

    /// <summary>How searched and held-out scores moved, round by round; empty if no verifier was held out.</summary>
    public required IReadOnlyList<HackingSection> Hacking { get; init; }

    /// <summary>In the order of proposal. Their NFE sum to the search NFE of the ledger.</summary>
    public required IReadOnlyList<CandidateSection> Candidates { get; init; }
}

internal sealed record SearchSection
{
    public required string Id { get; init; }

    public required string State { get; init; }

    public required string StopReason { get; init; }

    /// <summary>Why the search failed; null otherwise.</summary>
    public required string? Error { get; init; }

    public required DateTimeOffset? CreateTime { get; init; }

    public required DateTimeOffset? EndTime { get; init; }

    public required SpecSection Spec { get; init; }
}
