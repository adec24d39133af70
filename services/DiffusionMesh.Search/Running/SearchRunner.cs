using System.Collections.Immutable;
using DiffusionMesh.Search.Accounting;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Running;

/// <summary>Runs a search from its specification to its result.</summary>
public static class SearchRunner
{
    /// <summary>
    /// Runs the search. Its result depends on the specification and on what the ports answer, not on when they do. Over
    /// the journal of an earlier run, what that run paid is not paid again.
    /// </summary>
    /// <param name="abort">
    /// Gives everything up at once, scoring included; samples that are not scored by then stay so. To end a search
    /// gently, use its stop signal.
    /// </param>
    public static async Task<SearchResult> RunAsync(
        SearchSpec spec,
        ISearchAlgorithm algorithm,
        SearchEnvironment environment,
        CancellationToken abort)
    {
        var ledger = new LedgerBook();
        ledger.AddWaste(await environment.Journal.WastedAsync().ConfigureAwait(false));
        var session = new SearchSession(spec, environment, ledger, abort);
        string? error = null;
        try
        {
            await algorithm.RunAsync(session).ConfigureAwait(false);
            await session.FinishBestDraftAsync().ConfigureAwait(false);
        }
        catch (SearchFailedException failure)
        {
            error = failure.Message;
        }

        var reason = error is null ? session.StopReason ?? StopReason.Completed : StopReason.Error;
        ImmutableArray<BestCandidate> best = [.. session.Rank().Take(spec.KBest).Select(Outcome.BestOf)];
        var kept = best.IsEmpty ? null : session.Pool.SampledOf(best[0].Candidate);
        ImmutableArray<VerifierScore> finalScores = [];
        if (spec.FinalSteps > 0 && !best.IsEmpty && reason is not (StopReason.Cancelled or StopReason.Error))
        {
            var (final, end) = await FinalRun.RunAsync(session, environment, ledger, best[0], abort).ConfigureAwait(false);
            if (final is not null)
            {
                kept = final.Sampled;
                finalScores = final.Scores(environment.Verifiers);
                best = best.SetItem(0, best[0] with { Image = kept!.Image, Scores = finalScores });
            }

            (reason, error) = end switch
            {
                { Failure: { } failure } => (StopReason.Error, $"final run: {failure}"),
                _ when Outcome.WhyFailed(spec, finalScores) is { } failure => (StopReason.Error, $"final run: {failure}"),
                { Interrupted: true } => (StopReason.Cancelled, null),
                _ => (reason, error),
            };
        }

        var states = KeptStates.None;
        try
        {
            states = await KeptStates.AskAsync(spec, environment.Verifiers, kept, abort).ConfigureAwait(false);
        }
        catch (CallFailedException failure)
        {
            (reason, error) = (StopReason.Error, failure.Message);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            reason = StopReason.Cancelled;
        }

        // What was paid for an end that no longer holds: a search that was reopened went another way.
        var soFar = ledger.Close();
        ledger.AddWaste(Math.Max(0, await environment.Journal.PaidAsync().ConfigureAwait(false) - soFar.NfeSearch - soFar.NfeFinal));

        var replacements = await environment.Journal.ReplacementsAsync().ConfigureAwait(false);
        var computeClasses = await environment.Journal.OtherComputeClassesAsync().ConfigureAwait(false);
        return new SearchResult(reason, error, best, [.. session.Candidates], ledger.Close())
        {
            Degradations = Degradations.Of(spec, session.Candidates, finalScores, replacements, computeClasses),
            Hacking = session.Hacking,
            VerifierStates = states,
        };
    }
}
