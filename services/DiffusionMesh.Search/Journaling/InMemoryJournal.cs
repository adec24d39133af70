using System.Collections.Concurrent;
using System.Collections.Immutable;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Journaling;

/// <summary>A journal that lasts as long as the process.</summary>
public sealed class InMemoryJournal : IJournal
{
    private readonly ConcurrentDictionary<ContentKey, SampledSegment> _segments = new();
    private readonly ConcurrentDictionary<ContentKey, ScoreOutcome> _scores = new();
    private readonly ConcurrentDictionary<int, RoundEntry> _rounds = new();
    private ImmutableArray<VerifierReplacement> _replacements = [];
    private ImmutableArray<string> _computeClasses = [];
    private long _wasted;

    public ValueTask<SampledSegment?> FindSegmentAsync(ContentKey key) => new(_segments.GetValueOrDefault(key));

    public ValueTask RecordSegmentAsync(ContentKey key, SampledSegment segment)
    {
        _segments[key] = segment;
        return ValueTask.CompletedTask;
    }

    public ValueTask<ScoreOutcome?> FindScoreAsync(ContentKey key) => new(_scores.GetValueOrDefault(key));

    public ValueTask RecordScoreAsync(ContentKey key, VerifierScore score)
    {
        _scores[key] = score.Outcome;
        return ValueTask.CompletedTask;
    }

    public ValueTask<ImmutableArray<VerifierReplacement>> ReplacementsAsync() => new(_replacements);

    public ValueTask RecordReplacementAsync(VerifierReplacement replacement)
    {
        ImmutableInterlocked.Update(
            ref _replacements, static (known, met) => known.Contains(met) ? known : known.Add(met), replacement);
        return ValueTask.CompletedTask;
    }

    public ValueTask<ImmutableArray<string>> OtherComputeClassesAsync() => new(_computeClasses);

    public ValueTask RecordOtherComputeClassAsync(string computeClass)
    {
        ImmutableInterlocked.Update(
            ref _computeClasses, static (known, met) => known.Contains(met) ? known : known.Add(met), computeClass);
        return ValueTask.CompletedTask;
    }

    public ValueTask<RoundEntry?> FindRoundAsync(int round) => new(_rounds.GetValueOrDefault(round));

    public ValueTask RecordRoundAsync(int round, RoundEntry entry)
    {
        _rounds[round] = entry;
        return ValueTask.CompletedTask;
    }

    public ValueTask<long> PaidAsync() => new(_segments.Values.Sum(segment => segment.Nfe));

    public ValueTask<long> WastedAsync() => new(Interlocked.Read(ref _wasted));

    public ValueTask RecordWasteAsync(long nfe)
    {
        Interlocked.Add(ref _wasted, nfe);
        return ValueTask.CompletedTask;
    }

    /// <summary>Forgets stops and cancellations, so that a search that was ended goes on where it was.</summary>
    public void Reopen()
    {
        foreach (var (round, entry) in _rounds)
        {
            if (entry != RoundEntry.Began)
            {
                _rounds.TryRemove(round, out _);
            }
        }
    }
}
