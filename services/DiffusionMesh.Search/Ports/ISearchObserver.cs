using DiffusionMesh.Search.Accounting;
using DiffusionMesh.Search.Guarding;

namespace DiffusionMesh.Search.Ports;

/// <summary>
/// Is told what happens, one event at a time, on whatever thread it happens. It must return at once and cannot influence
/// the search.
/// </summary>
public interface ISearchObserver
{
    void RoundStarted(int round, IReadOnlyList<Candidate> admitted);

    /// <summary>The journal holds a segment that the search needs for the first time: the ledger counts it now.</summary>
    /// <param name="recalled">Whether it was there already, paid by an earlier run of the search.</param>
    void SegmentPaid(Segment segment, SampledSegment sampled, bool recalled);

    /// <summary>The journal holds evaluations that were lost with a call.</summary>
    void NfeWasted(long nfe);

    /// <summary>A candidate was sampled.</summary>
    /// <param name="ledger">With this candidate.</param>
    void CandidateSampled(Candidate candidate, Ledger ledger);

    /// <summary>Every verifier answered for a candidate. Within a round they come as they finish.</summary>
    void CandidateFinished(Candidate candidate, Ledger ledger);

    /// <param name="best">Best candidate of the search so far; null if none was scored.</param>
    /// <param name="hacking">How searched and held-out scores moved; null if no verifier is held out, or none judged.</param>
    void RoundFinished(int round, BestCandidate? best, Ledger ledger, HackingRound? hacking);
}
