namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>By what algorithms are made equal, and to how much of it.</summary>
/// <param name="Unit">See <see cref="BudgetUnit"/>.</param>
/// <param name="Values">In that unit, ascending, each more than 0.</param>
/// <param name="MostNfe">With seconds: NFE that a search may not exceed.</param>
/// <param name="Place">Where the file writes it.</param>
internal sealed record BudgetAxis(BudgetUnit Unit, IReadOnlyList<double> Values, long MostNfe, string Place)
{
    public const long DefaultMostNfe = 20_000;

    public string UnitText => Text(Unit);

    public static string Text(BudgetUnit unit) => unit switch
    {
        BudgetUnit.Nfe => "nfe",
        BudgetUnit.Rows => "rows",
        BudgetUnit.Flops => "flops",
        _ => "seconds",
    };
}

internal enum BudgetUnit
{
    /// <summary>Evaluations of the denoiser.</summary>
    Nfe,

    /// <summary>Rows of the network: a guided evaluation takes two.</summary>
    Rows,

    /// <summary>Floating-point operations of the network: rows times what a row of the model costs.</summary>
    Flops,

    /// <summary>Wall time, verifiers included; such searches run one at a time.</summary>
    Seconds,
}
