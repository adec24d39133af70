using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Search.Ranking;
using SpecMessage = DiffusionMesh.Contracts.SearchV1.SearchSpec;

namespace DiffusionMesh.Orchestrator.Creation;

/// <summary>Checks the numbers of a specification against the limits of this server.</summary>
internal sealed class NumberRules(OrchestratorOptions options)
{
    private const int MaxBest = 1000;
    private const long BytesPerMebibyte = 1 << 20;
    private const int NanosPerSecond = 1_000_000_000;

    // Where the budget is no limit at all, at least the candidates are.
    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(365);

    public int Steps(SpecMessage spec, Model model, FieldViolations violations)
    {
        var steps = spec.Steps == 0 ? model.Defaults?.Steps ?? 0 : spec.Steps;
        CheckSteps(steps, 1, "spec.steps", violations);
        return steps;
    }

    public int FinalSteps(SpecMessage spec, FieldViolations violations)
    {
        CheckSteps(spec.FinalSteps, 0, "spec.final_steps", violations);
        return spec.FinalSteps;
    }

    public static double Guidance(SpecMessage spec, Model model, FieldViolations violations)
    {
        var guidance = spec.HasGuidance ? spec.Guidance : model.Defaults?.Guidance ?? 1;
        violations.Require(double.IsFinite(guidance), "spec.guidance", $"is {guidance}; it must be a finite number");
        return guidance;
    }

    public static int KBest(SpecMessage spec, FieldViolations violations)
    {
        violations.Require(spec.KBest is >= 0 and <= MaxBest, "spec.k_best", $"is {spec.KBest}; it must lie in [0, {MaxBest}]");
        return spec.KBest == 0 ? 1 : spec.KBest;
    }

    /// <param name="ensemble">Null if it is not known.</param>
    public static double? TargetScore(SpecMessage spec, IEnsembleRule? ensemble, FieldViolations violations)
    {
        if (!spec.HasTargetScore)
        {
            return null;
        }

        const string Field = "spec.target_score";
        violations.Require(double.IsFinite(spec.TargetScore), Field, $"is {spec.TargetScore}; it must be a finite number");
        violations.Require(
            spec.Verifiers.Count(verifier => !verifier.HeldOut) <= 1 || ensemble is not { IsAbsolute: false },
            Field,
            $"cannot be reached under the ensemble '{ensemble?.Name}', whose scores say nothing by themselves; select by one verifier or by the ensemble 'z-score'");
        return spec.TargetScore;
    }

    public static TimeSpan? Limit(SpecMessage spec, FieldViolations violations)
    {
        if (spec.MaxDuration is not { } limit)
        {
            return null;
        }

        var seconds = limit.Seconds + (limit.Nanos / 1e9);
        return violations.Require(
            limit.Seconds >= 0 && limit.Nanos is >= 0 and < NanosPerSecond && seconds > 0 && seconds <= MaxDuration.TotalSeconds,
            "spec.max_duration",
            $"is {seconds} s; it must be more than 0 and at most {MaxDuration.TotalDays} days")
            ? TimeSpan.FromSeconds(seconds)
            : null;
    }

    /// <param name="cost">Of one candidate, in NFE; null if it is not known yet.</param>
    public void CheckBudget(SpecMessage spec, long? cost, string run, FieldViolations violations)
    {
        const string Field = "spec.budget_nfe";
        if (!violations.Require(
            spec.BudgetNfe > 0 && spec.BudgetNfe <= options.MaxBudgetNfe,
            Field,
            $"is {spec.BudgetNfe}; it must lie in [1, {options.MaxBudgetNfe}]")
            || cost is null)
        {
            return;
        }

        violations.Require(
            spec.BudgetNfe >= cost,
            Field,
            $"is {spec.BudgetNfe}, which does not pay for one candidate: it costs {cost} NFE ({run})");
    }

    public void CheckCandidates(long planned, Model model, FieldViolations violations)
    {
        const string Field = "spec.budget_nfe";
        if (!violations.Require(
            planned <= options.MaxCandidates, Field, $"admits {planned} candidates; at most {options.MaxCandidates} are accepted"))
        {
            return;
        }

        var bytes = model.ImageShape.Aggregate(planned, (product, dimension) => product * dimension);
        violations.Require(
            bytes <= options.MaxSearchImageMebibytes * BytesPerMebibyte,
            Field,
            $"admits {planned} candidates, whose images take {bytes} bytes; at most {options.MaxSearchImageMebibytes} MiB are accepted");
    }

    private void CheckSteps(int steps, int minimum, string field, FieldViolations violations) => violations.Require(
        steps >= minimum && steps <= options.MaxSteps, field, $"is {steps}; it must lie in [{minimum}, {options.MaxSteps}]");
}
