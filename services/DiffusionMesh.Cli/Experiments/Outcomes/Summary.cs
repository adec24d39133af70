
namespace DiffusionMesh.Cli.Experiments.Outcomes;

/// <summary>Writes down what was measured.</summary>
internal static class Summary
{
    public const string File = "summary.json";

    public static SummaryDocument Of(ExperimentOutcome outcome)
    {
        var (plan, cells, features) = (outcome.Plan, outcome.Cells, outcome.Features);
        var experiment = plan.Experiment;
        return new SummaryDocument(
            experiment.Name,
            experiment.Title,
            experiment.Budgets.UnitText,
            cells.Sum(cell => cell.Rows.Count) == plan.Rows.Count,
            features?.Name,
            features?.WeightsDigest,
            experiment.Baseline is { } baseline ? new BaselineSection(baseline.Algorithm, baseline.Select, baseline.Budget) : null,
            plan.Mesh.Models.ToDictionary(model => model.Model.Name, model => model.Model.Digest),
            plan.Mesh.Verifiers.ToDictionary(verifier => verifier.Key, verifier => verifier.Value.WeightsDigest),
            outcome.Notes,
            [.. cells.Select(ToSection)]);
    }

    private static CellSection ToSection(CellOutcome cell) => new(
        cell.Cell.Model,
        cell.Cell.Guidance,
        cell.Cell.Algorithm,
        cell.Cell.Select,
        cell.Cell.Budget,
        cell.Rows.Count,
        cell.Expected,
        cell.Rows.Average(row => row.Ledger.NfeSearch + row.Ledger.NfeFinal),
        ToSections(cell.Metrics),
        ToSections(cell.Differences));

    private static SortedDictionary<string, IntervalSection> ToSections(IReadOnlyDictionary<string, MetricValue> values) => new(
        values.ToDictionary(value => value.Key, value => new IntervalSection(
            value.Value.Interval.Mean,
            End(value.Value.Interval.Low),
            End(value.Value.Interval.High),
            value.Value.Interval.Count,
            End(value.Value.ByCondition?.Low),
            End(value.Value.ByCondition?.High))),
        StringComparer.Ordinal);

    private static double? End(double? value) => value is { } end && double.IsFinite(end) ? end : null;
}
