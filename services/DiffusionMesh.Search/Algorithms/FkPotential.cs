namespace DiffusionMesh.Search.Algorithms;

/// <summary>
/// Potentials of Feynman-Kac steering (Singhal et al., arXiv 2501.06848): what a particle's weight is multiplied with at each
/// level, given the rewards r of its path so far. Their product over a whole path is exp(λ r) of the finished sample.
/// </summary>
internal enum FkPotential
{
    /// <summary>exp(λ max r): a path is judged by the best it ever promised.</summary>
    Max,

    /// <summary>exp(λ (r - r before)), 0 before the first.</summary>
    Diff,

    /// <summary>exp(λ Σ r).</summary>
    Add,
}

/// <summary>What the potentials remember of a particle's path, resamplings or not.</summary>
/// <param name="Last">The latest reward.</param>
/// <param name="Max">The greatest reward.</param>
/// <param name="Sum">The sum of the rewards.</param>
/// <param name="LogProduct">Logarithm of the product of the potentials.</param>
internal readonly record struct FkPath(double Last, double Max, double Sum, double LogProduct)
{
    /// <summary>A path that has not been judged yet.</summary>
    public static FkPath Start => new(0, double.NegativeInfinity, 0, 0);

    /// <summary>Goes on by one level.</summary>
    /// <param name="isFinished">
    /// Whether the reward is that of the finished sample: then the potential is exp(λ r) over the product of those before.
    /// </param>
    /// <param name="logPotential">Logarithm of the potential at this level.</param>
    public FkPath Next(FkPotential potential, double lambda, double reward, bool isFinished, out double logPotential)
    {
        var (max, sum) = (Math.Max(Max, reward), Sum + reward);
        logPotential = (isFinished, potential) switch
        {
            (true, _) => (lambda * reward) - LogProduct,
            (_, FkPotential.Max) => lambda * max,
            (_, FkPotential.Diff) => lambda * (reward - Last),
            (_, FkPotential.Add) => lambda * sum,
            _ => throw new ArgumentOutOfRangeException(nameof(potential), potential, "not a potential"),
        };
        return new FkPath(reward, max, sum, LogProduct + logPotential);
    }
}
