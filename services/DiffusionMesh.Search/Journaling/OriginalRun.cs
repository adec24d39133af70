using System.Collections.Immutable;

namespace DiffusionMesh.Search.Journaling;

/// <summary>What a run that is repeated took from the world outside, and what it paid.</summary>
public sealed record OriginalRun
{
    /// <summary>What was decided about its rounds.</summary>
    public required IReadOnlyDictionary<int, RoundEntry> Rounds { get; init; }

    /// <summary>Keys of its segments and scores.</summary>
    public required IReadOnlySet<ContentKey> Paid { get; init; }

    /// <summary>
    /// Scores that no call would give again: those that never came, and those of verifiers that were replaced meanwhile.
    /// </summary>
    public required IReadOnlyDictionary<ContentKey, VerifierScore> Scores { get; init; }

    public required ImmutableArray<VerifierReplacement> Replacements { get; init; }
}
