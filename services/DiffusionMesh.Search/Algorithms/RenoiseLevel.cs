namespace DiffusionMesh.Search.Algorithms;

/// <summary>Between which levels a state is to be noised up so that a given part of its noise is replaced.</summary>
internal static class RenoiseLevel
{
    /// <summary>
    /// The cleaner level from which noising up to a level leaves the noise there sqrt(1 - β²) ε + β ε', ε the noise that the
    /// state had and ε' the draw.
    /// </summary>
    /// <remarks>
    /// The state keeps (α_f/α_b) σ_b of the σ_f, so σ_b/α_b = sqrt(1 - β²) σ_f/α_f. Levels are linear-flow times, t/(1 - t)
    /// that ratio; so it holds for every form.
    /// </remarks>
    /// <param name="level">f, in (0, 1).</param>
    /// <param name="beta">β, in (0, 1).</param>
    public static double Below(double level, double beta)
    {
        var ratio = Math.Sqrt(1 - (beta * beta)) * level / (1 - level);
        return ratio / (1 + ratio);
    }
}
