using DiffusionMesh.Diffusion.Predictions;

namespace DiffusionMesh.Diffusion;

/// <summary>
/// Classifier-free guidance (Ho and Salimans, arXiv 2207.12598), with the rescaling of Lin et al. (arXiv 2305.08891) and
/// the interval of Kynkäänniemi et al. (arXiv 2404.07724).
/// </summary>
/// <param name="Weight">w; 1 is no guidance.</param>
/// <param name="Rescale">φ in [0, 1]: how much of the guided prediction is brought back to the deviation of the conditional one.</param>
/// <param name="FromNoiseLevel">The noisiest level, in [0, 1], at which evaluations are guided.</param>
/// <param name="ToNoiseLevel">The cleanest level, in [0, 1], at which evaluations are guided.</param>
public sealed record Guidance(double Weight, double Rescale = 0, double FromNoiseLevel = 1, double ToNoiseLevel = 0)
{
    // Levels that callers write as decimals meet levels that are computed: as equal as doubles get.
    private const double Tolerance = 1e-9;

    /// <summary>Whether any evaluation needs the second prediction: at weight 1 the conditional one stands alone.</summary>
    public bool IsActive => Weight != 1;

    /// <summary>Whether an evaluation at this noise level needs the second prediction.</summary>
    public bool IsActiveAt(double noiseLevel) =>
        IsActive && noiseLevel <= FromNoiseLevel + Tolerance && noiseLevel >= ToNoiseLevel - Tolerance;

    /// <summary>
    /// Replaces the conditional prediction c by g = u + w (c - u), or by φ g std(c)/std(g) + (1 - φ) g; u is the
    /// unconditional or negative one. Both are what the network itself predicts.
    /// </summary>
    public void Apply(Span<float> conditional, ReadOnlySpan<float> unconditional)
    {
        var scale = 1.0;
        if (Rescale > 0)
        {
            var guided = Variance(conditional, unconditional, new LinearMap(Weight, 1 - Weight));
            scale = guided > 0
                ? (Rescale * Math.Sqrt(Variance(conditional, unconditional, new LinearMap(1, 0)) / guided)) + (1 - Rescale)
                : 1;
        }

        new LinearMap(scale * Weight, scale * (1 - Weight)).Apply(conditional, unconditional, conditional);
    }

    // Over all elements of map(c, u). Sums run from the first element to the last: another order would give other bits.
    private static double Variance(ReadOnlySpan<float> c, ReadOnlySpan<float> u, LinearMap map)
    {
        var sum = 0.0;
        for (var i = 0; i < c.Length; i++)
        {
            sum += map.Apply(c[i], u[i]);
        }

        var (mean, squares) = (sum / c.Length, 0.0);
        for (var i = 0; i < c.Length; i++)
        {
            var deviation = map.Apply(c[i], u[i]) - mean;
            squares += deviation * deviation;
        }

        return squares / c.Length;
    }
}
