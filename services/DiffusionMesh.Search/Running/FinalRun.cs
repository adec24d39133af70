using DiffusionMesh.Search.Accounting;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Running;

/// <summary>
/// Samples the winner once more from its noise, with more steps. The cost is known beforehand, is no part of the budget,
/// and is reported apart.
/// </summary>
internal static class FinalRun
{
    // Rounds count from 0.
    private const int JournalRound = -1;

    /// <returns>The winner with the image and scores of its final run, and how that ended.</returns>
    public static async Task<(BestCandidate Winner, EvaluationEnd End)> RunAsync(
        SearchSession session,
        SearchEnvironment environment,
        LedgerBook ledger,
        BestCandidate winner,
        CancellationToken abort)
    {
        var segment = new Segment(session.Candidates[winner.Candidate].Noise, session.Spec.FinalSteps);
        var key = ContentKeys.Of(session.Spec, segment);
        if (session.Pool.Knows(key))
        {
            return (winner, default);
        }

        var item = new EvaluationItem(key, segment, isFirst: true, environment.Verifiers.Length);
        var evaluation = new SegmentEvaluation(
            session.Spec, environment, ledger, sampled: final => ledger.AddFinal(final.Sampled!), finished: _ => { });
        var end = await evaluation.RunAsync(JournalRound, [item], abort).ConfigureAwait(false);
        return item.IsComplete
            ? (winner with { Image = item.Sampled!.Image, Scores = item.Scores(environment.Verifiers) }, end)
            : (winner, end);
    }
}
