using DiffusionMesh.Cli.Searching;

namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>What an experiment file asks for. Names are checked later, against what the services offer.</summary>
internal sealed record ExperimentDefinition
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    public string? Description { get; init; }

    /// <summary>At least one; a name may be empty for the only model that is served.</summary>
    public required IReadOnlyList<ModelChoice> Models { get; init; }

    /// <summary>Guidance weights; null for the model's default.</summary>
    public required IReadOnlyList<double?> Guidance { get; init; }

    public string Sampler { get; init; } = "";

    /// <summary>How paths are followed, beside sampler, steps and guidance.</summary>
    public SamplingArguments Sampling { get; init; } = new();

    /// <summary>Steps of a candidate; null for the model's default.</summary>
    public int? Steps { get; init; }

    /// <summary>Steps of the winner's final run; 0 for none.</summary>
    public int FinalSteps { get; init; }

    public required ConditionChoice Conditions { get; init; }

    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Score every chosen sample, whether or not they select.</summary>
    public required IReadOnlyList<NamedPlace> Verifiers { get; init; }

    public required IReadOnlyList<Selector> Selectors { get; init; }

    public required IReadOnlyList<AlgorithmChoice> Algorithms { get; init; }

    public required BudgetAxis Budgets { get; init; }

    public BaselineChoice? Baseline { get; init; }

    /// <summary>Metrics over sets of samples, see <see cref="MetricNames"/>.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    public required IReadOnlyList<FigureChoice> Figures { get; init; }

    /// <summary>Searches that run at once.</summary>
    public int Parallel { get; init; } = DefaultParallel;

    public const int DefaultParallel = 8;
}

/// <summary>A name and where the file writes it.</summary>
/// <param name="Name">What is written.</param>
/// <param name="Place">For messages: <c>line 12: verifiers[1]</c>.</param>
internal sealed record NamedPlace(string Name, string Place);

/// <summary>A model and what one row of its network costs.</summary>
internal sealed record ModelChoice(NamedPlace Name, double? FlopsPerRow);

/// <summary>Every pair of a seed and one of these is searched.</summary>
internal sealed record ConditionChoice(bool AllClasses, IReadOnlyList<int> Classes, IReadOnlyList<PromptChoice> Prompts, string Place);

/// <summary>A prompt and, where it is known, the class that it speaks of.</summary>
internal sealed record PromptChoice(string Text, int? Class);

/// <summary>An algorithm with its parameters.</summary>
/// <param name="Label">What results call it; unique.</param>
/// <param name="Selectors">Labels of the selectors it is run under; null for all.</param>
/// <param name="Budgets">The budgets it is run at; null for all.</param>
internal sealed record AlgorithmChoice(
    NamedPlace Name,
    string Label,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyList<string>? Selectors,
    IReadOnlyList<double>? Budgets)
{
    /// <summary>Spends the whole budget on the denoising steps of one sample. No search: nothing selects.</summary>
    public const string MoreSteps = "steps";

    public const string Random = "random";

    public bool IsMoreSteps => Name.Name == MoreSteps;
}

/// <summary>What differences are taken from: the same seed and condition under another algorithm.</summary>
/// <param name="Algorithm">Its label.</param>
/// <param name="Select">Label of its selector; null for the same one, or none for <c>steps</c>.</param>
/// <param name="Budget">Null for the same budget.</param>
/// <param name="Place">Where the file names it.</param>
internal sealed record BaselineChoice(string Algorithm, string? Select, double? Budget, string Place);
