using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Orchestrator.Storage;

/// <summary>How a search ended, as far as its tenant's standing goes.</summary>
/// <param name="NfeTotal">What it has spent, in all its runs.</param>
/// <param name="NfeKept">What it will not pay again if it is reopened.</param>
internal sealed record SearchEnd(DateTimeOffset Time, long NfeTotal, long NfeKept)
{
    /// <param name="last">The last entry of a journal; null if it has none.</param>
    /// <returns>Null if it is no end.</returns>
    public static SearchEnd? Of(JournalEntry? last) =>
        last is { Event: { EventCase: WatchSearchResponse.EventOneofCase.SearchFinished, SearchFinished: var search } }
            ? new SearchEnd(last.Time.ToDateTimeOffset(), search.Ledger?.NfeTotal ?? 0, KeptBy(search))
            : null;

    // Only one that was cancelled goes on the way it went. One that failed may get scores that were missing, and go another
    // way from there; one that ran out of time finished a draft and made a final run that may not be those of its real end.
    private static long KeptBy(DiffusionMesh.Contracts.SearchV1.Search search) =>
        search is { State: SearchState.Cancelled, Ledger: { } ledger } ? ledger.NfeSearch : 0;
}
