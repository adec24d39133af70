using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Planning;

namespace DiffusionMesh.Cli.Experiments.Outcomes;

/// <summary>Measures every cell of an experiment.</summary>
internal static class Measurement
{
    /// <param name="plan">What was planned.</param>
    /// <param name="rows">What came out.</param>
    /// <param name="features">Null if no feature service was found: metrics that need one are left out.</param>
    /// <returns>In the order of the matrix; cells without a row are left out.</returns>
    public static IReadOnlyList<CellOutcome> Run(ExperimentPlan plan, IReadOnlyList<RunRow> rows, FeatureSource? features)
    {
        var metrics = Names(plan.Experiment);
        var means = metrics.Except(MetricNames.OfSets).ToArray();
        var ofSets = metrics.Intersect(MetricNames.OfSets).ToArray();
        var byCell = rows.GroupBy(row => row.Cell).ToDictionary(group => group.Key, group => group.ToArray());
        var sets = features is null || ofSets.Length == 0
            ? []
            : byCell.AsParallel().ToDictionary(cell => cell.Key, cell => SetMetric.Of(cell.Value, ofSets, features));
        var expected = plan.Rows.CountBy(row => row.Cell).ToDictionary();
        return [.. expected.Keys.Where(byCell.ContainsKey).Select(cell => new CellOutcome(
            cell, byCell[cell], expected[cell], Values(cell), Differences(cell)))];

        IReadOnlyDictionary<string, MetricValue> Values(Cell cell) => Collect(
            means.Select(metric => (metric, SampleMeans.Mean(byCell[cell], metric)))
                .Concat((sets.GetValueOrDefault(cell) ?? new Dictionary<string, SetMetric>()).Select(set => (set.Key, (MetricValue?)set.Value.ToValue()))));

        IReadOnlyDictionary<string, MetricValue> Differences(Cell cell)
        {
            if (BaselineOf(cell, plan) is not { } baseline || baseline == cell || !byCell.TryGetValue(baseline, out var others))
            {
                return new Dictionary<string, MetricValue>();
            }

            var paired = means.Select(metric => (metric, SampleMeans.Difference(byCell[cell], others, metric)));
            var ofSetPairs = sets.TryGetValue(cell, out var mine) && sets.TryGetValue(baseline, out var theirs)
                ? mine.Where(set => theirs.ContainsKey(set.Key)).Select(set => (set.Key, set.Value.Less(theirs[set.Key])))
                : [];
            return Collect(paired.Concat(ofSetPairs));
        }
    }

    /// <summary>The cell that a cell is compared with; null if the experiment names no baseline.</summary>
    public static Cell? BaselineOf(Cell cell, ExperimentPlan plan)
    {
        if (plan.Experiment.Baseline is not { } baseline)
        {
            return null;
        }

        var isMoreSteps = plan.Experiment.Algorithms.First(algorithm => algorithm.Label == baseline.Algorithm).IsMoreSteps;
        return cell with
        {
            Algorithm = baseline.Algorithm,
            Select = isMoreSteps ? "" : baseline.Select ?? cell.Select,
            Budget = baseline.Budget ?? cell.Budget,
        };
    }

    /// <summary>What is measured: the scores of all verifiers, what the file asks for, and what its figures need.</summary>
    private static string[] Names(ExperimentDefinition experiment) =>
    [
        .. experiment.Verifiers.Select(verifier => verifier.Name)
            .Concat(experiment.Metrics)
            .Concat(experiment.Figures.SelectMany(figure => figure.Metrics.Select(metric => metric.Name)))
            .Append(MetricNames.ClassProbability)
            .Append(MetricNames.Seconds)
            .Distinct(),
    ];

    private static Dictionary<string, MetricValue> Collect(IEnumerable<(string Metric, MetricValue? Value)> items) =>
        items.Where(item => item.Value is not null).ToDictionary(item => item.Metric, item => item.Value!);
}
