using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Outcomes;

namespace DiffusionMesh.Cli.Experiments.Figures;

/// <summary>The cells that a figure shows, and what it calls them.</summary>
internal sealed class FigureCells
{
    private readonly ExperimentOutcome _outcome;

    public FigureCells(FigureChoice figure, ExperimentOutcome outcome)
    {
        (Figure, _outcome) = (figure, outcome);
        All = [.. outcome.Cells.Where(IsShown)];
        Metrics = figure.Metrics.Count > 0
            ? [.. figure.Metrics.Select(metric => metric.Name)]
            : [.. outcome.Plan.Experiment.Metrics.Concat(outcome.Plan.Experiment.Verifiers.Select(verifier => verifier.Name)).Distinct()];
    }

    public FigureChoice Figure { get; }

    public IReadOnlyList<CellOutcome> All { get; }

    public IReadOnlyList<string> Metrics { get; }

    /// <summary>The budget of figures that show one: the greatest asked for.</summary>
    public double Budget => All.Count == 0 ? 0 : All.Max(cell => cell.Cell.Budget);

    public bool IsMoreSteps(CellOutcome cell) =>
        _outcome.Plan.Experiment.Algorithms.First(algorithm => algorithm.Label == cell.Cell.Algorithm).IsMoreSteps;

    public string Title(string metric) => MetricNames.Title(metric, _outcome.Features?.Name ?? "no features");

    /// <summary>Names a curve by what tells it from the others.</summary>
    public string Label(CellOutcome cell)
    {
        var parts = new List<string> { IsMoreSteps(cell) ? "more steps" : cell.Cell.Algorithm };
        if (cell.Cell.Select.Length > 0 && (Several(other => other.Cell.Select) || parts.Count == 0))
        {
            parts.Add($"by {cell.Cell.Select}");
        }

        if (Several(other => other.Cell.Model))
        {
            parts.Insert(0, cell.Cell.Model);
        }

        if (Figure.X != HorizontalAxis.Guidance && Several(other => other.Cell.Guidance))
        {
            parts.Add($"w = {Scale.Label(cell.Cell.Guidance)}");
        }

        if (Figure.X == HorizontalAxis.Guidance && Several(other => other.Cell.Budget))
        {
            parts.Add($"{Scale.Label(cell.Cell.Budget)} {_outcome.Plan.Experiment.Budgets.UnitText}");
        }

        return string.Join(", ", parts);
    }

    private bool Several<T>(Func<CellOutcome, T> part) => All.Select(part).Where(value => value is not "").Distinct().Skip(1).Any();

    private bool IsShown(CellOutcome outcome)
    {
        var cell = outcome.Cell;
        return Shows(Figure.Algorithms, cell.Algorithm) && Shows(Figure.Models, cell.Model)
            && (cell.Select.Length == 0 || Shows(Figure.Select, cell.Select))
            && (Figure.Guidance.Count == 0 || Figure.Guidance.Contains(cell.Guidance))
            && (Figure.Budgets.Count == 0 || Figure.Budgets.Contains(cell.Budget));
    }

    private static bool Shows(IReadOnlyList<NamedPlace> chosen, string name) => chosen.Count == 0 || chosen.Any(choice => choice.Name == name);
}
