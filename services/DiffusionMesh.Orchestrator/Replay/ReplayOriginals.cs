using System.Collections.Frozen;
using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Journaling;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;
using VerifierScore = DiffusionMesh.Search.VerifierScore;

namespace DiffusionMesh.Orchestrator.Replay;

/// <summary>Reads the searches that replays run again, and compares both.</summary>
internal sealed class ReplayOriginals(ISearchStorage storage)
{
    /// <exception cref="OriginalUnreadableException">It is gone, goes on, or cannot be read.</exception>
    public async Task<ReplayOriginal> LoadAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var entries = await storage.ReadAsync(id, after: 0, cancellationToken);
            return await storage.FindAsync(id, cancellationToken) is { HasEnded: true } stored
                && entries is [.., { Event.SearchFinished: { } end }]
                ? new ReplayOriginal(stored, entries, end, Run(entries))
                : throw new OriginalUnreadableException($"search {id}, which this one repeats, was deleted or goes on");
        }
        catch (Exception error) when (error is StorageException or FormatException)
        {
            throw new OriginalUnreadableException($"search {id}, which this one repeats, cannot be read: {error.Message}", error);
        }
    }

    /// <param name="replay">The search that repeated it.</param>
    /// <param name="end">As that ended.</param>
    /// <exception cref="OriginalUnreadableException">The first run was deleted meanwhile.</exception>
    public async Task<ReplayReport> CompareAsync(
        ReplayOriginal original, SearchHeader replay, SearchMessage end, CancellationToken cancellationToken)
    {
        var entries = await storage.ReadAsync(replay.Id, after: 0, cancellationToken);
        var owners = RunFacts.Owners(replay, entries, end);
        var altered = await AlteredAsync(original, owners, cancellationToken);
        if (await storage.FindAsync(replay.ReplayOf, cancellationToken) is null)
        {
            throw new OriginalUnreadableException($"search {replay.ReplayOf}, which this one repeats, was deleted meanwhile");
        }

        return ReplayComparison.Of(
            RunFacts.Of(original.Entries, original.End, owners, altered),
            RunFacts.Of(entries, end, owners, ImmutableHashSet<string>.Empty));
    }

    private static OriginalRun Run(IReadOnlyList<JournalEntry> entries)
    {
        var rounds = new Dictionary<int, RoundEntry>();
        var scores = new Dictionary<ContentKey, VerifierScore>();
        var paid = new HashSet<ContentKey>();
        var replacements = new List<VerifierReplacement>();
        foreach (var entry in EntriesInForce.Of(entries))
        {
            switch (entry.EntryCase)
            {
                case JournalEntry.EntryOneofCase.Round:
                    rounds[entry.Round.Round] = JournalMapping.ToDomain(entry.Round);
                    break;
                case JournalEntry.EntryOneofCase.Segment:
                    paid.Add(new ContentKey(entry.Segment.Key));
                    break;
                case JournalEntry.EntryOneofCase.Score:
                    var key = new ContentKey(entry.Score.Key);
                    paid.Add(key);
                    scores[key] = new VerifierScore(entry.Score.Score.Verifier, JournalMapping.ToDomain(entry.Score.Score));
                    break;
                case JournalEntry.EntryOneofCase.Replacement:
                    replacements.Add(JournalMapping.ToDomain(entry.Replacement));
                    break;
            }
        }

        var replaced = replacements.Select(replacement => replacement.Verifier).ToHashSet(StringComparer.Ordinal);
        return new OriginalRun
        {
            Rounds = rounds,
            Paid = paid,
            Scores = scores
                .Where(score => score.Value.Outcome is ScoreOutcome.Missing || replaced.Contains(score.Value.Verifier))
                .ToDictionary(),
            Replacements = [.. replacements],
        };
    }

    private async Task<HashSet<string>> AlteredAsync(
        ReplayOriginal original, FrozenDictionary<string, string> owners, CancellationToken cancellationToken)
    {
        var id = original.Stored.Header.Id;
        var altered = new HashSet<string>(StringComparer.Ordinal);
        if (await storage.FindAsync(id, cancellationToken) is not { ImagesDropped: false })
        {
            return altered;
        }

        foreach (var segment in original.Entries.Select(entry => entry.Segment).OfType<PaidSegment>().Where(paid => owners.ContainsKey(paid.Key)))
        {
            foreach (var image in JournalMapping.Images(segment))
            {
                if (await storage.FindImageAsync(id, image, cancellationToken) is null)
                {
                    altered.Add(image.Digest);
                }
            }

            if (segment.State is { } state && await storage.FindLatentAsync(id, state, cancellationToken) is null)
            {
                altered.Add(state.Digest);
            }
        }

        return altered;
    }
}

/// <summary>A search that a replay runs again.</summary>
/// <param name="End">As it ended.</param>
/// <param name="Run">What the replay takes from it.</param>
internal sealed record ReplayOriginal(StoredSearch Stored, IReadOnlyList<JournalEntry> Entries, SearchMessage End, OriginalRun Run);

/// <summary>The search that a replay repeats cannot be read. The message is for users.</summary>
internal sealed class OriginalUnreadableException(string message, Exception? inner = null) : Exception(message, inner);
