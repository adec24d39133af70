using System.Collections.Concurrent;
using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;
using StoredScore = DiffusionMesh.Search.VerifierScore;

namespace DiffusionMesh.Orchestrator.Storage;

/// <summary>
/// A journal that outlives the process: what it has recorded is durable. Images and states are read back when they are
/// asked for, so that a search of any size takes little memory.
/// </summary>
internal sealed class DurableJournal : IJournal
{
    private readonly ISearchStorage _storage;
    private readonly string _id;
    private readonly ISearchLog _log;
    private readonly ConcurrentDictionary<ContentKey, PaidSegment> _segments = new();
    private readonly ConcurrentDictionary<ContentKey, ScoreOutcome> _scores = new();
    private readonly ConcurrentDictionary<int, RoundEntry> _rounds = new();
    private ImmutableArray<VerifierReplacement> _replacements = [];
    private ImmutableArray<string> _computeClasses = [];
    private long _wasted;

    private DurableJournal(ISearchStorage storage, string id, ISearchLog log) => (_storage, _id, _log) = (storage, id, log);

    /// <summary>
    /// Opens the journal of a search that was taken on. Segments whose image or state is missing or altered count as not
    /// paid; what they cost is recorded as wasted.
    /// </summary>
    /// <param name="entries">All entries of the search, read after it was taken on.</param>
    /// <exception cref="StorageException">An entry makes no sense.</exception>
    public static async Task<DurableJournal> OpenAsync(
        ISearchStorage storage,
        string id,
        ISearchLog log,
        IEnumerable<JournalEntry> entries,
        CancellationToken cancellationToken)
    {
        var journal = new DurableJournal(storage, id, log);
        foreach (var entry in EntriesInForce.Of(entries))
        {
            try
            {
                journal.Take(entry);
            }
            catch (FormatException e)
            {
                throw new SearchDamagedException($"search {id}: journal entry {entry.Number}: {e.Message}", e);
            }
        }

        foreach (var (key, segment) in journal._segments)
        {
            if (await journal.LoadAsync(segment, cancellationToken) is null)
            {
                var lost = new JournalEntry { Lost = new LostSegment { Key = key.Hex, Nfe = segment.Nfe } };
                await journal.AppendAsync(lost);
                journal.Take(lost);
                journal.LostNfe += segment.Nfe;
            }
        }

        return journal;
    }

    /// <summary>What the segments had cost that were found to be missing or altered when it was opened.</summary>
    public long LostNfe { get; private set; }

    public async ValueTask<SampledSegment?> FindSegmentAsync(ContentKey key) =>
        _segments.TryGetValue(key, out var segment) ? await LoadAsync(segment, CancellationToken.None) : null;

    public async ValueTask RecordSegmentAsync(ContentKey key, SampledSegment segment)
    {
        var entry = JournalMapping.ToMessage(key, segment);
        await _log.AppendAsync(entry, JournalMapping.Images(segment), segment.State is { } state ? [state] : []);
        _segments[key] = entry.Segment;
    }

    public ValueTask<ScoreOutcome?> FindScoreAsync(ContentKey key) => new(_scores.GetValueOrDefault(key));

    public async ValueTask RecordScoreAsync(ContentKey key, StoredScore score)
    {
        await AppendAsync(JournalMapping.ToMessage(key, score));
        _scores[key] = score.Outcome;
    }

    public ValueTask<ImmutableArray<VerifierReplacement>> ReplacementsAsync() => new(_replacements);

    public async ValueTask RecordReplacementAsync(VerifierReplacement replacement)
    {
        if (!_replacements.Contains(replacement))
        {
            await AppendAsync(JournalMapping.ToMessage(replacement));
            AddNew(ref _replacements, replacement);
        }
    }

    public ValueTask<ImmutableArray<string>> OtherComputeClassesAsync() => new(_computeClasses);

    public async ValueTask RecordOtherComputeClassAsync(string computeClass)
    {
        if (!_computeClasses.Contains(computeClass))
        {
            await AppendAsync(new JournalEntry { ComputeClass = new OtherComputeClass { ComputeClass = computeClass } });
            AddNew(ref _computeClasses, computeClass);
        }
    }

    public ValueTask<RoundEntry?> FindRoundAsync(int round) => new(_rounds.GetValueOrDefault(round));

    public async ValueTask RecordRoundAsync(int round, RoundEntry entry)
    {
        if (_rounds.GetValueOrDefault(round) != entry)
        {
            await AppendAsync(JournalMapping.ToMessage(round, entry));
            _rounds[round] = entry;
        }
    }

    public ValueTask<long> PaidAsync() => new(_segments.Values.Sum(segment => segment.Nfe));

    public ValueTask<long> WastedAsync() => new(Interlocked.Read(ref _wasted));

    public async ValueTask RecordWasteAsync(long nfe)
    {
        await AppendAsync(new JournalEntry { WastedNfe = nfe });
        Interlocked.Add(ref _wasted, nfe);
    }

    private static void AddNew<T>(ref ImmutableArray<T> known, T met) =>
        ImmutableInterlocked.Update(ref known, static (known, met) => known.Contains(met) ? known : known.Add(met), met);

    private Task AppendAsync(JournalEntry entry) => _log.AppendAsync(entry, [], []);

    private void Take(JournalEntry entry)
    {
        switch (entry.EntryCase)
        {
            case JournalEntry.EntryOneofCase.Segment:
                _segments[new ContentKey(entry.Segment.Key)] = entry.Segment;
                break;
            case JournalEntry.EntryOneofCase.Score:
                _scores[new ContentKey(entry.Score.Key)] = JournalMapping.ToDomain(entry.Score.Score);
                break;
            case JournalEntry.EntryOneofCase.Round:
                _rounds[entry.Round.Round] = JournalMapping.ToDomain(entry.Round);
                break;
            case JournalEntry.EntryOneofCase.Replacement:
                AddNew(ref _replacements, JournalMapping.ToDomain(entry.Replacement));
                break;
            case JournalEntry.EntryOneofCase.ComputeClass:
                AddNew(ref _computeClasses, entry.ComputeClass.ComputeClass);
                break;
            case JournalEntry.EntryOneofCase.WastedNfe:
                _wasted += entry.WastedNfe;
                break;
            case JournalEntry.EntryOneofCase.Lost:
                _segments.TryRemove(new ContentKey(entry.Lost.Key), out _);
                _wasted += entry.Lost.Nfe;
                break;
        }
    }

    // Null if an image or the state is missing or altered.
    private async Task<SampledSegment?> LoadAsync(PaidSegment segment, CancellationToken cancellationToken)
    {
        var images = new List<SampleImage>();
        foreach (var stored in JournalMapping.Images(segment))
        {
            if (await _storage.FindImageAsync(_id, stored, cancellationToken) is not { } image)
            {
                return null;
            }

            images.Add(image);
        }

        LatentState? state = null;
        if (segment.State is not null)
        {
            state = await _storage.FindLatentAsync(_id, segment.State, cancellationToken);
            if (state is null)
            {
                return null;
            }
        }

        return JournalMapping.ToDomain(segment, images, state);
    }
}
