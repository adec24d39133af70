using DiffusionMesh.Search.Accounting;
using DiffusionMesh.Search.Guarding;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Tests.Ports;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordingObserver : ISearchObserver
{
    private long _nfe;

    public List<int> Admitted { get; } = [];

    /// <summary>NFE that it was told of, by what they were spent on.</summary>
    public Dictionary<string, long> Paid { get; } = [];

    public List<Candidate> Finished { get; } = [];

    public List<BestCandidate?> BestAfterRound { get; } = [];

    public List<HackingRound?> HackingAfterRound { get; } = [];

    public void RoundStarted(int round, IReadOnlyList<Candidate> admitted)
    {
        Assert.Equal(Admitted.Count, round);
        Admitted.Add(admitted.Count);
    }

    public void SegmentPaid(Segment segment, SampledSegment sampled, bool recalled)
    {
        var line = segment.Candidate is null ? "final" : recalled ? "recalled" : "search";
        Paid[line] = Paid.GetValueOrDefault(line) + sampled.Nfe;
    }

    public void NfeWasted(long nfe) => Paid["wasted"] = Paid.GetValueOrDefault("wasted") + nfe;

    public void CandidateSampled(Candidate candidate, Ledger ledger)
    {
        Assert.Equal(CandidateState.Sampled, candidate.State);
        _nfe += candidate.Nfe;
        Assert.Equal(ledger.NfeSearch, _nfe);
    }

    public void CandidateFinished(Candidate candidate, Ledger ledger) => Finished.Add(candidate);

    public void RoundFinished(int round, BestCandidate? best, Ledger ledger, HackingRound? hacking)
    {
        BestAfterRound.Add(best);
        HackingAfterRound.Add(hacking);
    }
}
