using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Orchestrator.Telemetry;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Ranking;
using Google.Protobuf.WellKnownTypes;
using Candidate = DiffusionMesh.Search.Candidate;
using DomainLedger = DiffusionMesh.Search.Accounting.Ledger;
using HackingRound = DiffusionMesh.Search.Guarding.HackingRound;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// Writes what happens in a search to its journal, and tells the trace. What the journal already tells is not told again.
/// </summary>
/// <param name="fold">Of what the journal tells so far.</param>
internal sealed class SearchPublisher(
    SearchFold fold,
    ISearchLog log,
    SearchProgress progress,
    SearchTrace trace,
    SelectionRule rule,
    Func<TimeSpan> elapsed,
    TimeProvider time) : ISearchObserver
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    public Task StartedAsync(string orchestrator) => Append(new WatchSearchResponse
    {
        SearchStarted = new SearchStarted { Orchestrator = orchestrator, Epoch = log.Epoch },
    });

    /// <summary>Returns once all that has happened so far is durable.</summary>
    public Task WrittenAsync()
    {
        lock (_gate)
        {
            return _last;
        }
    }

    /// <summary>Ends the search.</summary>
    public Task FinishedAsync(SearchMessage end) => Append(new WatchSearchResponse { SearchFinished = end });

    public void RoundStarted(int round, IReadOnlyList<Candidate> admitted)
    {
        trace.RoundStarted(round, admitted);
        Append(new WatchSearchResponse
        {
            RoundStarted = new RoundStarted
            {
                Round = round,
                Candidates = admitted.Count,
                Admitted = { admitted.Select(SearchResultMapping.ToMessage) },
            },
        });
    }

    public void SegmentPaid(Segment segment, SampledSegment sampled, bool recalled) => trace.SegmentPaid(segment, sampled, recalled);

    public void NfeWasted(long nfe) => trace.NfeWasted(nfe);

    public void CandidateSampled(Candidate candidate, DomainLedger ledger)
    {
    }

    public void CandidateFinished(Candidate candidate, DomainLedger ledger)
    {
        trace.CandidateFinished(candidate);
        progress.Finished(ledger.NfeSearch);
        if (candidate.IsFinished && rule.IsAbsolute && rule.Rank([candidate]) is [var standing])
        {
            progress.Offer(standing.SearchScore, rule);
        }

        Append(new WatchSearchResponse { CandidateFinished = SearchResultMapping.ToMessage(candidate) });
    }

    public void RoundFinished(int round, BestCandidate? best, DomainLedger ledger, HackingRound? hacking)
    {
        trace.RoundFinished(hacking);
        if (best is not null)
        {
            progress.Set(best.SearchScore);
        }

        Append(new WatchSearchResponse
        {
            RoundFinished = new RoundFinished
            {
                Round = round,
                Best = best is null ? null : SearchResultMapping.ToMessage(best),
                Ledger = SearchResultMapping.ToMessage(ledger, elapsed()),
                Hacking = hacking is null ? null : SearchResultMapping.ToMessage(hacking),
            },
        });
    }

    // A search never waits for its events: they are durable before whatever is written after them, its end above all. If
    // one cannot be written, nothing after it is either.
    private Task Append(WatchSearchResponse happened)
    {
        lock (_gate)
        {
            if (fold.Knows(happened))
            {
                return Task.CompletedTask;
            }

            happened.EventNumber = fold.LastEvent + 1;
            happened.Time = Timestamp.FromDateTimeOffset(time.GetUtcNow());
            happened.Progress = progress.ToMessage(elapsed());
            var entry = new JournalEntry { Event = happened };
            var written = log.AppendAsync(entry, [], []);
            fold.Apply(entry);
            return _last = written;
        }
    }
}
