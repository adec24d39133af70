using DiffusionMesh.Search.Accounting;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Tests.Ports;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordingObserver : ISearchObserver
{
    public List<int> Admitted { get; } = [];

    public List<Candidate> Finished { get; } = [];

    public List<BestCandidate?> BestAfterRound { get; } = [];

    public void RoundStarted(int round, IReadOnlyList<Candidate> admitted)
    {
        Assert.Equal(Admitted.Count, round);
        Admitted.Add(admitted.Count);
    }

    public void CandidateFinished(Candidate candidate) => Finished.Add(candidate);

    public void RoundFinished(int round, BestCandidate? best, Ledger ledger) => BestAfterRound.Add(best);
}
