using DiffusionMesh.Cli.Experiments.Definition;

namespace DiffusionMesh.Cli.Experiments.Planning;

/// <summary>Every run that an experiment needs and every row that its results will have.</summary>
internal sealed record ExperimentPlan
{
    public required ExperimentDefinition Experiment { get; init; }

    public required MeshFacts Mesh { get; init; }

    public required IReadOnlyList<ExperimentCondition> Conditions { get; init; }

    /// <summary>In the order of the matrix.</summary>
    public required IReadOnlyList<PlannedRow> Rows { get; init; }

    /// <summary>Each once, whatever the number of rows it serves.</summary>
    public required IReadOnlyList<PlannedRun> Runs { get; init; }

    /// <summary>How budgets translate, by model and guidance.</summary>
    public required IReadOnlyDictionary<(string Model, double Guidance), BudgetTranslation> Budgets { get; init; }
}
