using DiffusionMesh.Search.Accounting;

namespace DiffusionMesh.Search.Ports;

/// <summary>
/// Is told what happens, one event at a time, on whatever thread it happens. It must return at once and cannot influence
/// the search.
/// </summary>
public interface ISearchObserver
{
    void RoundStarted(int round, IReadOnlyList<Candidate> admitted);

    /// <summary>A candidate was sampled and every verifier answered for it. Within a round they come as they finish.</summary>
    void CandidateFinished(Candidate candidate);

    /// <param name="best">Best candidate of the search so far; null if none was scored.</param>
    void RoundFinished(int round, BestCandidate? best, Ledger ledger);
}
