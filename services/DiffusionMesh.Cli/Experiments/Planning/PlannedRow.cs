using DiffusionMesh.Cli.Experiments.Definition;

namespace DiffusionMesh.Cli.Experiments.Planning;

/// <summary>A row of the results: one cell, seed and condition, and the run that answers it.</summary>
/// <param name="Seed">As the file counts seeds.</param>
/// <param name="SearchSeed">The seed that the search was given.</param>
/// <param name="Run">Where the sample comes from.</param>
/// <param name="Prefix">For pools: how many of the first candidates the budget pays for.</param>
/// <param name="Selector">For pools: what chooses among them.</param>
internal sealed record PlannedRow(
    Cell Cell, ulong Seed, ulong SearchSeed, ExperimentCondition Condition, PlannedRun Run, int? Prefix, Selector? Selector);
