using DiffusionMesh.Search.Accounting;
using DiffusionMesh.Search.Journaling;

namespace DiffusionMesh.Search.Running;

/// <summary>
/// Samples the winner's segment once more, with more steps: all of its path, unless it went on from a draft. The cost is known beforehand, is no part of the budget,
/// and is reported apart.
/// </summary>
internal static class FinalRun
{
    // Rounds count from 0.
    private const int JournalRound = -1;

    /// <returns>The sample of the final run with its scores, null if there is none, and how it ended.</returns>
    public static async Task<(EvaluationItem? Sample, EvaluationEnd End)> RunAsync(
        SearchSession session,
        SearchEnvironment environment,
        LedgerBook ledger,
        BestCandidate winner,
        CancellationToken abort)
    {
        var segment = session.Pool.SegmentOf(winner.Candidate) with { Steps = session.Spec.FinalSteps, Candidate = null };
        var key = ContentKeys.Of(session.Spec, segment);
        if (session.Pool.Knows(key))
        {
            return (null, default);
        }

        var item = new EvaluationItem(key, segment, isFirst: true, environment.Verifiers.Length);
        var evaluation = new SegmentEvaluation(
            session.Spec, environment, ledger, sampled: final => ledger.AddFinal(final.Sampled!), finished: _ => { });
        var end = await evaluation.RunAsync(JournalRound, [item], abort).ConfigureAwait(false);
        return (item.IsComplete ? item : null, end);
    }
}
