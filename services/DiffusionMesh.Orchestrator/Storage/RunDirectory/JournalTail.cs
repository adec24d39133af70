using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>Where a journal ends: what comes before is durable.</summary>
/// <param name="Number">Of its last entry; 0 if it has none.</param>
/// <param name="Epoch">Of its last entry.</param>
/// <param name="LastStart">Where its last entry begins.</param>
/// <param name="Position">Where its last entry ends.</param>
/// <param name="EndTime">When the search ended, if its last entry says so.</param>
/// <param name="Nfe">What the search had spent when it ended; 0 if it has not.</param>
internal sealed record JournalTail(long Number, long Epoch, long LastStart, long Position, DateTimeOffset? EndTime, long Nfe)
{
    private readonly TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends once the journal ends elsewhere.</summary>
    public Task Changed => _changed.Task;

    /// <param name="last">Null if there is none.</param>
    public static JournalTail Of(JournalEntry? last, long start, long end)
    {
        var finished = last is { Event: { EventCase: WatchSearchResponse.EventOneofCase.SearchFinished } happened } ? happened.SearchFinished : null;
        return new JournalTail(
            last?.Number ?? 0,
            last?.Epoch ?? 0,
            start,
            end,
            finished is null ? null : last!.Time.ToDateTimeOffset(),
            finished?.Ledger?.NfeTotal ?? 0);
    }

    public void Signal() => _changed.TrySetResult();
}
