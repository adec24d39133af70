namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>The parameters of one step of "amed".</summary>
/// <param name="R">r in (0, 1): where between the step's ends the second evaluation lies, on a logarithmic scale.</param>
/// <param name="C">c > 0: scales the step.</param>
/// <param name="A">a > 0: scales the noise-to-signal ratio that the network is told at the second evaluation.</param>
public sealed record AmedStep(double R, double C, double A)
{
    /// <summary>The midpoint rule, unscaled: what a model without fitted parameters gets.</summary>
    public static AmedStep Default { get; } = new(.5, 1, 1);

    public double R { get; init; } = R is > 0 and < 1 ? R : throw new ArgumentOutOfRangeException(nameof(R), R, "must lie between 0 and 1");

    public double C { get; init; } = Positive(C, nameof(C));

    public double A { get; init; } = Positive(A, nameof(A));

    private static double Positive(double value, string name) =>
        double.IsFinite(value) && value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "must be a number above 0");
}

/// <summary>
/// What was fitted for a model's trajectories from its noisiest state to data, by their number of steps. The last step
/// has no parameters, as it is a jump to the x-prediction: there is one entry less than there are steps.
/// </summary>
public sealed class AmedParameters
{
    private readonly IReadOnlyDictionary<int, IReadOnlyList<AmedStep>> _steps;

    /// <exception cref="ArgumentException">A list has another length than its number of steps less one.</exception>
    public AmedParameters(IReadOnlyDictionary<int, IReadOnlyList<AmedStep>> steps)
    {
        foreach (var (count, list) in steps)
        {
            if (list.Count != count - 1)
            {
                throw new ArgumentException($"{count} steps take {count - 1} entries, not {list.Count}", nameof(steps));
            }
        }

        _steps = steps;
    }

    /// <summary>Numbers of steps that parameters were fitted for.</summary>
    public IEnumerable<int> FittedSteps => _steps.Keys.Order();

    /// <returns>Null if nothing was fitted for so many steps.</returns>
    public IReadOnlyList<AmedStep>? For(int steps) => _steps.GetValueOrDefault(steps);
}
