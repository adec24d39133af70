using System.Collections.Immutable;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Journaling;

/// <summary>
/// The journal of a run that repeats another from nothing. What it pays it pays itself; where the world outside decided
/// in the first run (stops, interruptions, scores that never came) it takes the same again, and notes it as its own.
/// </summary>
public sealed class ReplayJournal(IJournal own, OriginalRun original) : IJournal
{
    public ValueTask<SampledSegment?> FindSegmentAsync(ContentKey key) => own.FindSegmentAsync(key);

    public ValueTask RecordSegmentAsync(ContentKey key, SampledSegment segment) => own.RecordSegmentAsync(key, segment);

    public async ValueTask<ScoreOutcome?> FindScoreAsync(ContentKey key)
    {
        if (await own.FindScoreAsync(key).ConfigureAwait(false) is { } known)
        {
            return known;
        }

        if (!original.Scores.TryGetValue(key, out var score))
        {
            return null;
        }

        await own.RecordScoreAsync(key, score).ConfigureAwait(false);
        return score.Outcome;
    }

    public ValueTask RecordScoreAsync(ContentKey key, VerifierScore score) => own.RecordScoreAsync(key, score);

    public async ValueTask<ImmutableArray<VerifierReplacement>> ReplacementsAsync()
    {
        foreach (var replacement in original.Replacements)
        {
            await own.RecordReplacementAsync(replacement).ConfigureAwait(false);
        }

        return await own.ReplacementsAsync().ConfigureAwait(false);
    }

    public ValueTask RecordReplacementAsync(VerifierReplacement replacement) => own.RecordReplacementAsync(replacement);

    public ValueTask<ImmutableArray<string>> OtherComputeClassesAsync() => own.OtherComputeClassesAsync();

    public ValueTask RecordOtherComputeClassAsync(string computeClass) => own.RecordOtherComputeClassAsync(computeClass);

    public bool IsRepeated(ContentKey key) => original.Paid.Contains(key);

    public async ValueTask<RoundEntry?> FindRoundAsync(int round)
    {
        if (await own.FindRoundAsync(round).ConfigureAwait(false) is { } known)
        {
            return known;
        }

        if (original.Rounds.TryGetValue(round, out var decided))
        {
            await own.RecordRoundAsync(round, decided).ConfigureAwait(false);
        }

        return decided;
    }

    public ValueTask RecordRoundAsync(int round, RoundEntry entry) => own.RecordRoundAsync(round, entry);

    public ValueTask<long> PaidAsync() => own.PaidAsync();

    public ValueTask<long> WastedAsync() => own.WastedAsync();

    public ValueTask RecordWasteAsync(long nfe) => own.RecordWasteAsync(nfe);
}
