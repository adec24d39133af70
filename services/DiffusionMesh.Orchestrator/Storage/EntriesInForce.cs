using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Orchestrator.Storage;

/// <summary>
/// The entries of a journal that hold: whenever a search was reopened, its stops and interruptions so far no longer do, nor,
/// if it had failed, do scores that never came. What failed for want of scores must be able to go on.
/// </summary>
internal static class EntriesInForce
{
    /// <param name="entries">All of a search, or its first ones.</param>
    public static List<JournalEntry> Of(IEnumerable<JournalEntry> entries)
    {
        var inForce = new List<JournalEntry>();
        var hasFailed = false;
        foreach (var entry in entries)
        {
            if (entry.Reopened is not null)
            {
                Reopen(inForce, hasFailed);
            }
            else if (entry.Event is { SearchFinished: { } end })
            {
                hasFailed = end.State == SearchState.Failed;
            }

            inForce.Add(entry);
        }

        return inForce;
    }

    private static void Reopen(List<JournalEntry> entries, bool hasFailed)
    {
        var rounds = new Dictionary<int, DecidedRound>();
        foreach (var round in entries.Select(entry => entry.Round).OfType<DecidedRound>())
        {
            rounds[round.Round] = round;
        }

        entries.RemoveAll(entry =>
            (entry.Round is { } round && rounds[round.Round] is { StoppedBefore: not StopReason.Unspecified } or { Interrupted: true })
            || (hasFailed && entry.Score is { Score.OutcomeCase: VerifierScore.OutcomeOneofCase.Error }));
    }
}
