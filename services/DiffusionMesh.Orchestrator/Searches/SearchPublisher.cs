using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Telemetry;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Ranking;
using Google.Protobuf.WellKnownTypes;
using Candidate = DiffusionMesh.Search.Candidate;
using DomainLedger = DiffusionMesh.Search.Accounting.Ledger;
using HackingRound = DiffusionMesh.Search.Guarding.HackingRound;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Tells record, watchers and trace what happens in a search.</summary>
internal sealed class SearchPublisher(
    SearchRecord record,
    SearchProgress progress,
    SearchTrace trace,
    SelectionRule rule,
    Func<TimeSpan> wall,
    TimeProvider time) : ISearchObserver
{
    public void RoundStarted(int round, IReadOnlyList<Candidate> admitted)
    {
        foreach (var candidate in admitted)
        {
            record.Put(candidate, ledger: null);
        }

        trace.RoundStarted(round, admitted);
        Append(new WatchSearchResponse { RoundStarted = new RoundStarted { Round = round, Candidates = admitted.Count } });
    }

    public void SegmentPaid(Segment segment, SampledSegment sampled, bool recalled) => trace.SegmentPaid(segment, sampled, recalled);

    public void NfeWasted(long nfe) => trace.NfeWasted(nfe);

    public void CandidateSampled(Candidate candidate, DomainLedger ledger) => record.Put(candidate, ledger);

    public void CandidateFinished(Candidate candidate, DomainLedger ledger)
    {
        record.Put(candidate, ledger);
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
        record.PutRound(best, ledger, hacking);
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
                Ledger = SearchResultMapping.ToMessage(ledger, wall()),
                Hacking = hacking is null ? null : SearchResultMapping.ToMessage(hacking),
            },
        });
    }

    /// <summary>Shows the end, which the record already has.</summary>
    public void SearchFinished()
    {
        Append(new WatchSearchResponse { SearchFinished = record.ToMessage(candidates: true) });
        record.AnnounceEnd();
    }

    private void Append(WatchSearchResponse happened)
    {
        happened.Time = Timestamp.FromDateTimeOffset(time.GetUtcNow());
        happened.Progress = progress.ToMessage(wall());
        record.Events.Append(happened);
    }
}
