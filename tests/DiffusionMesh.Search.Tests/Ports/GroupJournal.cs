using System.Collections.Immutable;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Tests.Ports;

/// <summary>
/// A journal that makes segments and scores durable in groups: none of a group is recorded before all of it waits, and
/// then the newest comes first.
/// </summary>
internal sealed class GroupJournal(IJournal journal) : IJournal
{
    private readonly Group _segments = new();
    private readonly Group _scores = new();

    /// <summary>Sizes of the groups of segments so far.</summary>
    public IReadOnlyList<int> Groups => _segments.Sizes;

    /// <summary>How many segments make the next group.</summary>
    public void ExpectSegments(int count) => _segments.Expected = count;

    /// <summary>How many scores make the next group.</summary>
    public void ExpectScores(int count) => _scores.Expected = count;

    public ValueTask<SampledSegment?> FindSegmentAsync(ContentKey key) => journal.FindSegmentAsync(key);

    public async ValueTask RecordSegmentAsync(ContentKey key, SampledSegment segment)
    {
        await _segments.WaitAsync();
        await journal.RecordSegmentAsync(key, segment);
    }

    public ValueTask<ScoreOutcome?> FindScoreAsync(ContentKey key) => journal.FindScoreAsync(key);

    public async ValueTask RecordScoreAsync(ContentKey key, VerifierScore score)
    {
        await _scores.WaitAsync();
        await journal.RecordScoreAsync(key, score);
    }

    public ValueTask<ImmutableArray<VerifierReplacement>> ReplacementsAsync() => journal.ReplacementsAsync();

    public ValueTask RecordReplacementAsync(VerifierReplacement replacement) => journal.RecordReplacementAsync(replacement);

    public ValueTask<ImmutableArray<string>> OtherComputeClassesAsync() => journal.OtherComputeClassesAsync();

    public ValueTask RecordOtherComputeClassAsync(string computeClass) => journal.RecordOtherComputeClassAsync(computeClass);

    public ValueTask<RoundEntry?> FindRoundAsync(int round) => journal.FindRoundAsync(round);

    public ValueTask RecordRoundAsync(int round, RoundEntry entry) => journal.RecordRoundAsync(round, entry);

    public ValueTask<long> PaidAsync() => journal.PaidAsync();

    public ValueTask<long> WastedAsync() => journal.WastedAsync();

    public ValueTask RecordWasteAsync(long nfe) => journal.RecordWasteAsync(nfe);

    private sealed class Group
    {
        private readonly Lock _gate = new();
        private readonly Stack<TaskCompletionSource> _waiting = new();

        public int Expected { get; set; }

        public List<int> Sizes { get; } = [];

        public Task WaitAsync()
        {
            var turn = new TaskCompletionSource();
            lock (_gate)
            {
                _waiting.Push(turn);
                if (_waiting.Count < Expected)
                {
                    return turn.Task;
                }

                Sizes.Add(_waiting.Count);
                while (_waiting.TryPop(out var newest))
                {
                    newest.SetResult();
                }
            }

            return turn.Task;
        }
    }
}
