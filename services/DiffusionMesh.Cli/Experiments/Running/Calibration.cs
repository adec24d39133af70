using System.Diagnostics;
using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Planning;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cli.Experiments.Running;

/// <summary>
/// Measures what a row of the network and what scoring an image takes, by two bursts of short searches: one of many
/// candidates, one of single candidates with the same rows in all.
/// </summary>
internal sealed class Calibration(RunExecution execution, ExperimentPlan plan)
{
    private const int Candidates = 8;
    private const ulong FirstSeed = ulong.MaxValue / 2;

    /// <returns>The pace of each model that has runs to do.</returns>
    public async Task<IReadOnlyDictionary<string, Pace>> RunAsync(IEnumerable<PlannedRun> missing, CancellationToken cancellationToken)
    {
        var paces = new Dictionary<string, Pace>(StringComparer.Ordinal);
        foreach (var example in missing.Where(run => run.Limit is null).DistinctBy(run => run.Spec.Model))
        {
            await BurstAsync(example, 1, 1, cancellationToken);
            var (rowsOfMany, secondsOfMany) = await BurstAsync(example, Candidates, 1, cancellationToken);
            var (rowsOfOne, secondsOfOne) = await BurstAsync(example, 1, Candidates, cancellationToken);
            var perRow = secondsOfOne / rowsOfOne;
            var images = plan.Experiment.Parallel * Candidates;
            paces[example.Spec.Model] = new Pace(perRow, Math.Max(0, (secondsOfMany - (rowsOfMany * perRow)) / images));
        }

        return paces;
    }

    private async Task<(double Rows, double Seconds)> BurstAsync(
        PlannedRun example, int candidates, int timesSteps, CancellationToken cancellationToken)
    {
        var translation = plan.Budgets[(example.Spec.Model, example.Spec.Guidance)];
        var steps = translation.Steps * timesSteps;
        var nfe = translation.NfeOf(steps) * candidates;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, plan.Experiment.Parallel).Select(index => execution.SearchAsync(
            Spec(example.Spec, nfe, steps, FirstSeed + (ulong)index), $"calibration-{Guid.NewGuid():N}", cancellationToken)));
        return (nfe * translation.RowsPerNfe * plan.Experiment.Parallel, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private SearchSpec Spec(SearchSpec example, long nfe, int steps, ulong seed)
    {
        var spec = new SearchSpec
        {
            Model = example.Model,
            ModelDigest = example.ModelDigest,
            Condition = example.Condition,
            Algorithm = AlgorithmChoice.Random,
            Seed = seed,
            BudgetNfe = nfe,
            Sampler = example.Sampler,
            Sampling = example.Sampling,
            Steps = steps,
            Guidance = example.Guidance,
        };
        spec.Verifiers.Add(plan.Experiment.Verifiers.Select(verifier => new VerifierSelection { Name = verifier.Name }));
        return spec;
    }
}
