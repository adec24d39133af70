using DiffusionMesh.Metrics;

namespace DiffusionMesh.Cli.Experiments.Outcomes;

/// <summary>A metric of a cell.</summary>
/// <param name="Interval">Over seeds and conditions; for metrics of sets by leaving out groups of seeds.</param>
/// <param name="ByCondition">Only of means: with conditions as the observations, which is the more cautious.</param>
internal sealed record MetricValue(Interval Interval, Interval? ByCondition);

/// <summary>What was measured at a cell.</summary>
/// <param name="Cell">Where.</param>
/// <param name="Rows">What it was measured on.</param>
/// <param name="Expected">How many rows there would be if every run had ended.</param>
/// <param name="Metrics">By name.</param>
/// <param name="Differences">From the baseline, by name; empty if there is none.</param>
internal sealed record CellOutcome(
    Planning.Cell Cell,
    IReadOnlyList<RunRow> Rows,
    int Expected,
    IReadOnlyDictionary<string, MetricValue> Metrics,
    IReadOnlyDictionary<string, MetricValue> Differences);
