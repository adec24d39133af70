using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Metrics;

namespace DiffusionMesh.Cli.Experiments.Outcomes;

/// <summary>Metrics that every sample has a value of: means, and differences pair by pair.</summary>
internal static class SampleMeans
{
    public static double? ValueOf(RunRow row, string metric) => metric switch
    {
        MetricNames.ClassProbability => row.ClassProbability,
        MetricNames.Seconds => row.Ledger.WallSeconds,
        _ => row.Scores.TryGetValue(metric, out var score) ? score : null,
    };

    /// <returns>Null if no row has a value.</returns>
    public static MetricValue? Mean(IEnumerable<RunRow> rows, string metric) => Of(
        rows.Select(row => (Value: ValueOf(row, metric), Condition: row.Planned.Condition.Number)));

    /// <summary>The mean difference over the pairs of one seed and condition.</summary>
    /// <returns>Null if there is no pair.</returns>
    public static MetricValue? Difference(IEnumerable<RunRow> rows, IEnumerable<RunRow> baseline, string metric)
    {
        var others = baseline.ToDictionary(row => (row.Planned.Seed, row.Planned.Condition.Number), row => ValueOf(row, metric));
        return Of(rows.Select(row => (
            Value: ValueOf(row, metric) - others.GetValueOrDefault((row.Planned.Seed, row.Planned.Condition.Number)),
            Condition: row.Planned.Condition.Number)));
    }

    private static MetricValue? Of(IEnumerable<(double? Value, int Condition)> items)
    {
        var known = items.Where(item => item.Value is not null).ToArray();
        if (known.Length == 0)
        {
            return null;
        }

        var (values, conditions) = (Array.ConvertAll(known, item => item.Value!.Value), Array.ConvertAll(known, item => item.Condition));
        return new MetricValue(Intervals.OfMean(values), Intervals.OfClusters(values, conditions));
    }
}
