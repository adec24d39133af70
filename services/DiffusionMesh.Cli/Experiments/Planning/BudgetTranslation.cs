using DiffusionMesh.Cli.Experiments.Definition;

namespace DiffusionMesh.Cli.Experiments.Planning;

/// <summary>Turns budgets into NFE and NFE into steps, for one model, guidance and sampler.</summary>
/// <param name="Unit">Of the budgets.</param>
/// <param name="RowsPerNfe">2 with guidance, else 1.</param>
/// <param name="FlopsPerRow">Only for budgets in flops.</param>
/// <param name="Sampler">Name of the sampler.</param>
/// <param name="Steps">Steps of a candidate.</param>
internal sealed record BudgetTranslation(BudgetUnit Unit, int RowsPerNfe, double FlopsPerRow, string Sampler, int Steps)
{
    // Budgets in flops come from products: a candidate must not be lost to rounding.
    private const double Slack = 1e-9;

    public long NfePerCandidate => NfeOf(Steps);

    /// <summary>Whole NFE that a budget pays for.</summary>
    public long Nfe(double budget, long mostNfe) => Unit switch
    {
        BudgetUnit.Nfe => (long)budget,
        BudgetUnit.Rows => (long)budget / RowsPerNfe,
        BudgetUnit.Flops => (long)Math.Floor(budget / FlopsPerRow / RowsPerNfe * (1 + Slack)),
        _ => mostNfe,
    };

    /// <summary>Most steps of one sample that NFE pay for; 0 if they pay for none.</summary>
    public int StepsFor(long nfe)
    {
        var steps = (int)Math.Min(nfe, int.MaxValue / 4);
        while (steps > 0 && NfeOf(steps) > nfe)
        {
            steps -= Math.Max(1, (int)((NfeOf(steps) - nfe) / 2));
        }

        return steps;
    }

    public long NfeOf(int steps) => Diffusion.Samplers.Sampler.All.TryGet(Sampler, out var sampler) ? sampler.Nfe(steps, endsAtData: true) : steps;
}
