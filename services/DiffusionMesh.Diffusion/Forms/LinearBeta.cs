namespace DiffusionMesh.Diffusion.Forms;

/// <summary>
/// The α that VP and sub-VP share: log α = -t² (β1 - β0)/4 - t β0/2, β0 = 0.1, β1 = 20, t in [0, 1]: Song et al.,
/// "Score-Based Generative Modeling through Stochastic Differential Equations" (arXiv 2011.13456), appendix B.
/// </summary>
internal static class LinearBeta
{
    private const double Beta0 = .1;
    private const double Beta1 = 20;

    public static double LogAlpha(double time) => (-time * time * (Beta1 - Beta0) / 4) - (time * Beta0 / 2);

    /// <summary>d log α / dt.</summary>
    public static double LogAlphaRate(double time) => (-time * (Beta1 - Beta0) / 2) - (Beta0 / 2);

    /// <summary>The time at which -log α has this value, solved without cancellation; at most 1.</summary>
    public static double TimeOf(double minusLogAlpha)
    {
        var (a, b) = ((Beta1 - Beta0) / 4, Beta0 / 2);
        return Math.Min(1, 2 * minusLogAlpha / (b + Math.Sqrt((b * b) + (4 * a * minusLogAlpha))));
    }
}
