using System.Collections.Frozen;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Search.Journaling;
using Google.Protobuf;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Orchestrator.Replay;

/// <summary>
/// Everything that is told of a run and that determines its result, from all three places that tell it: its end, the
/// events that its watchers saw, and what it paid. Not what was lost, and not when.
/// </summary>
internal sealed class RunFacts
{
    private const int ShortKey = 8;

    private readonly Dictionary<Fact, IMessage> _messages = [];

    private RunFacts(IReadOnlyList<JournalEntry> entries, SearchMessage end)
    {
        foreach (var candidate in end.Candidates)
        {
            _messages[new(candidate.Id, "")] = candidate;
        }

        _messages[new("", "")] = Result(end);
        AddEvents(entries, end);
    }

    /// <summary>The facts by whom they are about.</summary>
    public IReadOnlyDictionary<Fact, IMessage> Messages => _messages;

    /// <param name="entries">Its journal.</param>
    /// <param name="end">As it ended, with its candidates.</param>
    /// <param name="owners">Candidates, by the keys of segments and scores that both runs must have paid.</param>
    /// <param name="altered">Digests of images and states that are missing or altered.</param>
    public static RunFacts Of(
        IReadOnlyList<JournalEntry> entries,
        SearchMessage end,
        IReadOnlyDictionary<string, string> owners,
        IReadOnlySet<string> altered)
    {
        var facts = new RunFacts(entries, end);
        facts.AddPaid(entries, owners, altered);
        return facts;
    }

    /// <summary>The candidates whom segments and scores belong to, by their keys.</summary>
    public static FrozenDictionary<string, string> Owners(SearchHeader header, IReadOnlyList<JournalEntry> entries, SearchMessage end)
    {
        var byDigest = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var candidate in end.Candidates)
        {
            byDigest.TryAdd(candidate.PixelDigest, candidate.Id);
        }

        var spec = SearchSpecMapping.ToDomain(header.Spec);
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var paid in entries.Select(entry => entry.Segment).OfType<PaidSegment>())
        {
            var owner = byDigest.GetValueOrDefault(paid.Image.Digest, "");
            owners[paid.Key] = owner;
            foreach (var verifier in spec.Verifiers)
            {
                owners[ContentKeys.Of(spec, verifier, new ContentKey(paid.Key)).Hex] = owner;
            }
        }

        foreach (var score in entries.Select(entry => entry.Score).OfType<PaidScore>())
        {
            // By weights that the search did not begin with.
            owners.TryAdd(score.Key, "");
        }

        return owners.ToFrozenDictionary(StringComparer.Ordinal);
    }

    // What belongs to the search as a whole.
    private static SearchMessage Result(SearchMessage end)
    {
        var result = new SearchMessage
        {
            State = end.State,
            StopReason = end.StopReason,
            Error = end.Error,
            Best = { end.Best },
            Hacking = { end.Hacking },
            VerifierStates = { end.VerifierStates },
            Ledger = end.Ledger.Clone(),
        };
        (result.Ledger.NfeWasted, result.Ledger.NfeTotal, result.Ledger.WallSeconds) = (0, 0, 0);
        return result;
    }

    // Only the last word on a candidate or a round counts, and only of those that the end knows: a search that was
    // resumed may have told of others before.
    private void AddEvents(IReadOnlyList<JournalEntry> entries, SearchMessage end)
    {
        var known = end.Candidates.Select(candidate => candidate.Id).ToHashSet(StringComparer.Ordinal);
        var rounds = end.Candidates.Select(candidate => candidate.Round).ToHashSet();
        foreach (var happened in entries.Select(entry => entry.Event).OfType<WatchSearchResponse>())
        {
            switch (happened.EventCase)
            {
                case WatchSearchResponse.EventOneofCase.RoundStarted when rounds.Contains(happened.RoundStarted.Round):
                    foreach (var candidate in happened.RoundStarted.Admitted.Where(candidate => known.Contains(candidate.Id)))
                    {
                        _messages[new(candidate.Id, "event.admitted.")] = candidate;
                    }

                    break;

                case WatchSearchResponse.EventOneofCase.CandidateFinished when known.Contains(happened.CandidateFinished.Id):
                    _messages[new(happened.CandidateFinished.Id, "event.")] = happened.CandidateFinished;
                    break;

                case WatchSearchResponse.EventOneofCase.RoundFinished when rounds.Contains(happened.RoundFinished.Round):
                    _messages[new("", FormattableString.Invariant($"event.rounds[{happened.RoundFinished.Round}]."))] =
                        SearchFold.Lasting(happened.RoundFinished);
                    break;
            }
        }
    }

    private void AddPaid(IReadOnlyList<JournalEntry> entries, IReadOnlyDictionary<string, string> owners, IReadOnlySet<string> altered)
    {
        foreach (var entry in EntriesInForce.Of(entries))
        {
            if (entry.Segment is { } segment && owners.TryGetValue(segment.Key, out var owner))
            {
                _messages[new(owner, Journal(segment.Key))] = Readable(segment, altered);
            }
            else if (entry.Score is { } score && owners.TryGetValue(score.Key, out var judged))
            {
                _messages[new(judged, Journal(score.Key))] = score;
            }
        }
    }

    private static string Journal(string key) => $"journal[{key[..Math.Min(ShortKey, key.Length)]}].";

    // With what can be read of it in place of what was written.
    private static PaidSegment Readable(PaidSegment segment, IReadOnlySet<string> altered)
    {
        if (altered.Count == 0)
        {
            return segment;
        }

        var readable = segment.Clone();
        foreach (var image in JournalMapping.Images(readable).Where(image => altered.Contains(image.Digest)))
        {
            image.Digest = "missing or altered";
        }

        if (readable.State is { } state && altered.Contains(state.Digest))
        {
            state.Digest = "missing or altered";
        }

        return readable;
    }

    /// <summary>Whom something is about, and where it is told.</summary>
    /// <param name="CandidateId">Empty for the search as a whole.</param>
    /// <param name="Prefix">Of its fields' names.</param>
    public readonly record struct Fact(string CandidateId, string Prefix);
}
