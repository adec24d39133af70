using DiffusionMesh.Cli.Experiments.Planning;
using DiffusionMesh.Cli.Experiments.Storage;

namespace DiffusionMesh.Cli.Experiments.Outcomes;

/// <summary>Finds in the store what came out at every row of a plan. Rows whose run is missing are left out.</summary>
internal static class RowBuilder
{
    public static IReadOnlyList<RunRow> Build(ExperimentPlan plan, RunStore store) =>
        [.. plan.Rows.Select(row => Build(row, plan, store)).OfType<RunRow>()];

    private static RunRow? Build(PlannedRow planned, ExperimentPlan plan, RunStore store)
    {
        if (store.Find(planned.Run.Key) is not { } run)
        {
            return null;
        }

        if (planned.Prefix is not { } prefix)
        {
            var chosen = run.Candidates.FirstOrDefault(candidate => candidate.Id == run.Best);
            return chosen is null ? null : new RunRow(planned, run, chosen, run.Ledger, run.CandidateCount);
        }

        var candidates = run.Candidates.Take(prefix).ToArray();
        return PoolChoice.Of(candidates, planned.Selector!, plan.Mesh.Verifiers) is { } best
            ? new RunRow(planned, run, best, Share(run, candidates, planned.Selector!.Verifiers.Count), candidates.Length)
            : null;
    }

    /// <summary>What the prefix would have cost by itself: its own NFE, and of what is not known by candidate an equal share.</summary>
    private static StoredLedger Share(StoredRun run, StoredCandidate[] prefix, int verifiers)
    {
        var share = (double)prefix.Length / run.CandidateCount;
        return new StoredLedger(
            prefix.Sum(candidate => candidate.Nfe),
            0,
            0,
            (long)Math.Round(run.Ledger.NetworkRows * share),
            (long)Math.Round(run.Ledger.Decodes * share),
            (long)prefix.Length * verifiers,
            run.Ledger.WallSeconds * share);
    }
}
