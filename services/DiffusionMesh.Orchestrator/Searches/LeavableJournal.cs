using System.Collections.Immutable;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// A journal in which nothing is decided once this orchestrator leaves the search: what is paid is still recorded, but a
/// round neither begins nor counts as interrupted. Whoever goes on with the search decides.
/// </summary>
internal sealed class LeavableJournal(IJournal journal, SearchStop stop) : IJournal
{
    private readonly HashSet<int> _decidedHere = [];

    /// <summary>Whether the round that was looked up last had begun before this orchestrator took the search on.</summary>
    public bool GoesOnWithRound { get; private set; }

    public ValueTask<SampledSegment?> FindSegmentAsync(ContentKey key) => journal.FindSegmentAsync(key);

    public ValueTask RecordSegmentAsync(ContentKey key, SampledSegment segment) => journal.RecordSegmentAsync(key, segment);

    public ValueTask<ScoreOutcome?> FindScoreAsync(ContentKey key) => journal.FindScoreAsync(key);

    public ValueTask RecordScoreAsync(ContentKey key, VerifierScore score) => journal.RecordScoreAsync(key, score);

    public ValueTask<ImmutableArray<VerifierReplacement>> ReplacementsAsync() => journal.ReplacementsAsync();

    public ValueTask RecordReplacementAsync(VerifierReplacement replacement) => journal.RecordReplacementAsync(replacement);

    public ValueTask<ImmutableArray<string>> OtherComputeClassesAsync() => journal.OtherComputeClassesAsync();

    public ValueTask RecordOtherComputeClassAsync(string computeClass) => journal.RecordOtherComputeClassAsync(computeClass);

    public async ValueTask<RoundEntry?> FindRoundAsync(int round)
    {
        var entry = await journal.FindRoundAsync(round);
        GoesOnWithRound = entry is not null && !_decidedHere.Contains(round);
        return entry;
    }

    /// <exception cref="SearchLeftException">This orchestrator leaves the search.</exception>
    public ValueTask RecordRoundAsync(int round, RoundEntry entry)
    {
        if (stop.IsLeft)
        {
            throw new SearchLeftException();
        }

        _decidedHere.Add(round);
        GoesOnWithRound = false;
        return journal.RecordRoundAsync(round, entry);
    }

    public ValueTask<long> PaidAsync() => journal.PaidAsync();

    public ValueTask<long> WastedAsync() => journal.WastedAsync();

    public ValueTask RecordWasteAsync(long nfe) => journal.RecordWasteAsync(nfe);
}

/// <summary>This orchestrator leaves a search that another one goes on with.</summary>
internal sealed class SearchLeftException() : Exception("the search is left to another orchestrator");
