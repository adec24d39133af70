namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>A figure of the report.</summary>
internal sealed record FigureChoice
{
    public required FigureKind Kind { get; init; }

    public required string Title { get; init; }

    /// <summary>For lines: what is on the horizontal axis.</summary>
    public HorizontalAxis X { get; init; }

    /// <summary>Names of metrics and verifiers; empty for all.</summary>
    public IReadOnlyList<NamedPlace> Metrics { get; init; } = [];

    /// <summary>Shows these algorithms, by label; empty for all.</summary>
    public IReadOnlyList<NamedPlace> Algorithms { get; init; } = [];

    /// <summary>Shows these selectors, by label; empty for all. What selects nothing is always shown.</summary>
    public IReadOnlyList<NamedPlace> Select { get; init; } = [];

    public IReadOnlyList<NamedPlace> Models { get; init; } = [];

    public IReadOnlyList<double> Guidance { get; init; } = [];

    /// <summary>Shows these budgets; empty for all, or for the greatest where a figure shows one.</summary>
    public IReadOnlyList<double> Budgets { get; init; } = [];

    /// <summary>For pictures: how many conditions are shown.</summary>
    public int Conditions { get; init; } = 8;

    public required string Place { get; init; }
}

internal enum FigureKind
{
    /// <summary>Metrics against budget or guidance, a panel a metric; more steps dashed, searches solid, bars for intervals.</summary>
    Lines,

    /// <summary>Verifiers down, algorithms across, at one budget.</summary>
    Table,

    /// <summary>Differences from the baseline, pair by pair, with intervals.</summary>
    Differences,

    /// <summary>The same conditions under each algorithm and selector, at one budget.</summary>
    Pictures,
}

internal enum HorizontalAxis
{
    Budget,
    Candidates,
    Guidance,
}
