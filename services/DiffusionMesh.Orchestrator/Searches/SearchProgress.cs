using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search.Ranking;
using Google.Protobuf.WellKnownTypes;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>How far a search is. Used by one thread at a time.</summary>
/// <param name="planned">Candidates, as far as the algorithm can tell.</param>
/// <param name="budget">In NFE.</param>
/// <param name="limit">Time limit of the search; null if it has none.</param>
/// <param name="atOnce">Most candidates that are sampled at the same time.</param>
internal sealed class SearchProgress(long planned, long budget, TimeSpan? limit, int atOnce)
{
    private long _done;
    private long _nfe;
    private double? _best;

    public void Finished(long nfe)
    {
        _done++;
        _nfe = nfe;
    }

    /// <summary>Takes a score if it is the best so far.</summary>
    public void Offer(double score, SelectionRule rule)
    {
        if (_best is not { } best || rule.Reaches(score, best))
        {
            _best = score;
        }
    }

    public void Set(double best) => _best = best;

    public Progress ToMessage(TimeSpan elapsed)
    {
        var progress = new Progress
        {
            CandidatesDone = _done,
            CandidatesPlanned = Math.Max(planned, _done),
            NfeSpent = _nfe,
            NfeBudget = budget,
            Elapsed = Duration.FromTimeSpan(elapsed),
            TimeLeft = TimeLeft(elapsed) is { } left ? Duration.FromTimeSpan(left) : null,
        };
        if (_best is { } best)
        {
            progress.BestScore = best;
        }

        return progress;
    }

    private TimeSpan? TimeLeft(TimeSpan elapsed)
    {
        // The first of those that are sampled together has taken as long as all of them: it says nothing about the pace.
        if (_done == 0 || _done * 2 < Math.Min(atOnce, planned))
        {
            return null;
        }

        var atThisPace = elapsed * ((double)Math.Max(0, planned - _done) / _done);
        return limit - elapsed is { } untilLimit && untilLimit < atThisPace
            ? TimeSpan.FromTicks(Math.Max(0, untilLimit.Ticks))
            : atThisPace;
    }
}
