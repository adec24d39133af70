using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>Where a journal ends: what comes before is durable.</summary>
/// <param name="Number">Of its last entry; 0 if it has none.</param>
/// <param name="Epoch">Of its last entry.</param>
/// <param name="LastStart">Where its last entry begins.</param>
/// <param name="Position">Where its last entry ends.</param>
/// <param name="IsAdmission">Whether nothing has happened since the search was created or reopened.</param>
/// <param name="End">How the search ended; null if its last entry is not its end.</param>
internal sealed record JournalTail(long Number, long Epoch, long LastStart, long Position, bool IsAdmission, SearchEnd? End)
{
    private readonly TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends once the journal ends elsewhere.</summary>
    public Task Changed => _changed.Task;

    /// <param name="last">Null if there is none.</param>
    public static JournalTail Of(JournalEntry? last, long start, long end) =>
        new(last?.Number ?? 0, last?.Epoch ?? 0, start, end, last is null or { Reopened: not null }, SearchEnd.Of(last));

    public void Signal() => _changed.TrySetResult();
}
