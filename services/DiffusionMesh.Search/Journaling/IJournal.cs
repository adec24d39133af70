using System.Collections.Immutable;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Journaling;

/// <summary>
/// Remembers what was paid and what was decided. Running a search again over its journal pays nothing twice. Writes
/// cannot be cancelled: what was paid is kept.
/// </summary>
public interface IJournal
{
    ValueTask<SampledSegment?> FindSegmentAsync(ContentKey key);

    ValueTask RecordSegmentAsync(ContentKey key, SampledSegment segment);

    ValueTask<ScoreOutcome?> FindScoreAsync(ContentKey key);

    ValueTask RecordScoreAsync(ContentKey key, VerifierScore score);

    /// <summary>Other weights of verifiers than the search began with, in the order in which they were met.</summary>
    ValueTask<ImmutableArray<VerifierReplacement>> ReplacementsAsync();

    /// <summary>Does nothing if it is recorded already.</summary>
    ValueTask RecordReplacementAsync(VerifierReplacement replacement);

    /// <summary>Compute classes of denoisers other than the one that the search began with, in the order in which they were met.</summary>
    ValueTask<ImmutableArray<string>> OtherComputeClassesAsync();

    /// <summary>Does nothing if it is recorded already.</summary>
    ValueTask RecordOtherComputeClassAsync(string computeClass);

    /// <summary>
    /// Whether a run that this one repeats paid for a segment or a score: so much of an interrupted round is repeated.
    /// </summary>
    bool IsRepeated(ContentKey key) => false;

    /// <summary>What was decided about a round; null if it was never reached.</summary>
    ValueTask<RoundEntry?> FindRoundAsync(int round);

    /// <summary>Replaces what was decided about the round.</summary>
    ValueTask RecordRoundAsync(int round, RoundEntry entry);

    /// <summary>NFE of all segments that are remembered, each counted once.</summary>
    ValueTask<long> PaidAsync();

    /// <summary>NFE lost so far.</summary>
    ValueTask<long> WastedAsync();

    ValueTask RecordWasteAsync(long nfe);
}

/// <summary>What was decided about a round.</summary>
/// <param name="StoppedBefore">Why it did not begin; null if it did.</param>
/// <param name="Interrupted">Whether it was cancelled while work was under way.</param>
public sealed record RoundEntry(StopReason? StoppedBefore, bool Interrupted = false)
{
    /// <summary>The round began and was not cancelled.</summary>
    public static RoundEntry Began { get; } = new(StoppedBefore: null);
}
