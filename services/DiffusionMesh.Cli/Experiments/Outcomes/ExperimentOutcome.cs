using DiffusionMesh.Cli.Experiments.Planning;
using DiffusionMesh.Cli.Experiments.Storage;

namespace DiffusionMesh.Cli.Experiments.Outcomes;

/// <summary>All that a report shows.</summary>
/// <param name="Features">Where features came from; null if there was none.</param>
/// <param name="Notes">What is missing and why, one sentence each.</param>
internal sealed record ExperimentOutcome(
    ExperimentPlan Plan, IReadOnlyList<RunRow> Rows, IReadOnlyList<CellOutcome> Cells, FeatureSource? Features, IReadOnlyList<string> Notes, RunStore Store);
