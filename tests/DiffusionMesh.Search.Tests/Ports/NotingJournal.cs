using System.Collections.Concurrent;
using System.Collections.Immutable;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Tests.Ports;

/// <summary>A journal that a run can be repeated from.</summary>
internal sealed class NotingJournal(IJournal journal) : IJournal
{
    private readonly ConcurrentDictionary<ContentKey, VerifierScore?> _paid = new();
    private readonly ConcurrentDictionary<int, RoundEntry> _rounds = new();

    /// <summary>What a repetition takes from it.</summary>
    public OriginalRun Run(ImmutableArray<VerifierReplacement> replacements = default) => new()
    {
        Rounds = _rounds,
        Paid = _paid.Keys.ToHashSet(),
        Scores = _paid.Where(paid => paid.Value?.Outcome is ScoreOutcome.Missing || (!replacements.IsDefaultOrEmpty && paid.Value is not null))
            .ToDictionary(paid => paid.Key, paid => paid.Value!),
        Replacements = replacements.IsDefault ? [] : replacements,
    };

    public ValueTask<SampledSegment?> FindSegmentAsync(ContentKey key) => journal.FindSegmentAsync(key);

    public ValueTask RecordSegmentAsync(ContentKey key, SampledSegment segment)
    {
        _paid[key] = null;
        return journal.RecordSegmentAsync(key, segment);
    }

    public ValueTask<ScoreOutcome?> FindScoreAsync(ContentKey key) => journal.FindScoreAsync(key);

    public ValueTask RecordScoreAsync(ContentKey key, VerifierScore score)
    {
        _paid[key] = score;
        return journal.RecordScoreAsync(key, score);
    }

    public ValueTask<ImmutableArray<VerifierReplacement>> ReplacementsAsync() => journal.ReplacementsAsync();

    public ValueTask RecordReplacementAsync(VerifierReplacement replacement) => journal.RecordReplacementAsync(replacement);

    public ValueTask<ImmutableArray<string>> OtherComputeClassesAsync() => journal.OtherComputeClassesAsync();

    public ValueTask RecordOtherComputeClassAsync(string computeClass) => journal.RecordOtherComputeClassAsync(computeClass);

    public ValueTask<RoundEntry?> FindRoundAsync(int round) => journal.FindRoundAsync(round);

    public ValueTask RecordRoundAsync(int round, RoundEntry entry)
    {
        _rounds[round] = entry;
        return journal.RecordRoundAsync(round, entry);
    }

    public ValueTask<long> PaidAsync() => journal.PaidAsync();

    public ValueTask<long> WastedAsync() => journal.WastedAsync();

    public ValueTask RecordWasteAsync(long nfe) => journal.RecordWasteAsync(nfe);
}
