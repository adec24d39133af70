using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Metrics;

namespace DiffusionMesh.Cli.Experiments.Outcomes;

/// <summary>
/// A metric over a set of samples, and with each of some groups of seeds left out: the intervals of the value, and of its
/// difference from another set with the same groups, come from these.
/// </summary>
/// <param name="Value">Over all samples.</param>
/// <param name="LeftOut">Over all but one group.</param>
internal sealed record SetMetric(double Value, IReadOnlyList<double> LeftOut)
{
    /// <summary>As many groups, or as there are seeds.</summary>
    private const int MostGroups = 10;

    public MetricValue ToValue() => new(Intervals.OfJackknife(Value, [.. LeftOut]), null);

    public MetricValue? Less(SetMetric baseline) => baseline.LeftOut.Count != LeftOut.Count
        ? null
        : new MetricValue(Intervals.OfJackknife(Value - baseline.Value, [.. LeftOut.Zip(baseline.LeftOut, (left, right) => left - right)]), null);

    /// <param name="rows">With features.</param>
    /// <param name="metrics">Which of the metrics of sets.</param>
    /// <param name="source">Where the features come from.</param>
    /// <returns>Those that so many samples allow.</returns>
    public static IReadOnlyDictionary<string, SetMetric> Of(
        IReadOnlyList<RunRow> rows, IReadOnlyList<string> metrics, FeatureSource source)
    {
        // Seed by seed, so that each part that the inception score is taken over holds every condition.
        var known = rows.Where(row => row.Features is not null)
            .OrderBy(row => row.Planned.Seed).ThenBy(row => row.Planned.Condition.Number).ToArray();
        var groupOf = Groups(known);
        var groups = groupOf.Distinct().Count();
        var whole = Values(known, metrics, source);
        var leftOut = groups < 2 ? [] : Enumerable.Range(0, groups)
            .Select(group => Values([.. known.Where((_, row) => groupOf[row] != group)], metrics, source))
            .ToArray();
        return whole.Keys.Where(metric => leftOut.Length > 0 && leftOut.All(values => values.ContainsKey(metric)))
            .ToDictionary(metric => metric, metric => new SetMetric(whole[metric], [.. leftOut.Select(values => values[metric])]));
    }

    /// <summary>All samples of a seed are in one group; with one seed, all of a condition are.</summary>
    private static int[] Groups(RunRow[] rows)
    {
        var seeds = rows.Select(row => row.Planned.Seed).Distinct().Order().ToArray();
        return seeds.Length > 1
            ? Array.ConvertAll(rows, row => Array.IndexOf(seeds, row.Planned.Seed) % MostGroups)
            : Array.ConvertAll(rows, row => row.Planned.Condition.Number % MostGroups);
    }

    private static Dictionary<string, double> Values(RunRow[] rows, IReadOnlyList<string> metrics, FeatureSource source)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        if (rows.Length <= Manifold.DefaultNeighbours)
        {
            return values;
        }

        var dimension = rows[0].Features!.Features.Length;
        var features = Concatenate(rows, row => row.Features!.Features);
        if (metrics.Contains(MetricNames.Fid))
        {
            values[MetricNames.Fid] = source.Fid.Of(FeatureStatistics.Of(features, dimension));
        }

        if (metrics.Contains(MetricNames.InceptionScore))
        {
            var seeds = rows.Select(row => row.Planned.Seed).Distinct().Count();
            values[MetricNames.InceptionScore] = Metrics.InceptionScore.Of(
                Concatenate(rows, row => row.Features!.Probabilities),
                rows[0].Features!.Probabilities.Length,
                Math.Min(seeds, Metrics.InceptionScore.DefaultSplits));
        }

        if (metrics.Contains(MetricNames.Precision) || metrics.Contains(MetricNames.Recall))
        {
            var both = Manifold.Compare(source.Real, new Manifold(features, dimension));
            (values[MetricNames.Precision], values[MetricNames.Recall]) = (both.Precision, both.Recall);
        }

        if (metrics.Contains(MetricNames.Diversity))
        {
            values[MetricNames.Diversity] = rows.GroupBy(row => row.Planned.Condition.Number).Average(group =>
                PairwiseDiversity.Of(Concatenate([.. group], row => row.Features!.Features), dimension));
        }

        return values;
    }

    private static float[] Concatenate(RunRow[] rows, Func<RunRow, float[]> part) => [.. rows.SelectMany(part)];
}
