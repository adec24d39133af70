namespace DiffusionMesh.Diffusion.Forms;

/// <summary>
/// log α = -t² (β1 - β0)/4 - t β0/2, σ = sqrt(1 - α²), β0 = 0.1, β1 = 20, t in [0, 1]: the continuous DDPM of Song et
/// al., "Score-Based Generative Modeling through Stochastic Differential Equations" (arXiv 2011.13456), appendix B.
/// </summary>
internal sealed class VariancePreserving : Form
{
    private const double Beta0 = .1;
    private const double Beta1 = 20;

    public override string Name => "vp";

    public override double NoisiestTime => 1;

    public override double SmallestRatio => .002;

    public override PathPoint At(double time)
    {
        var logAlpha = (-time * time * (Beta1 - Beta0) / 4) - (time * Beta0 / 2);
        var alpha = Math.Exp(logAlpha);
        var sigma = Math.Sqrt(OneMinusExp(2 * logAlpha));
        var alphaRate = alpha * ((-time * (Beta1 - Beta0) / 2) - (Beta0 / 2));

        // From α² + σ² = 1.
        return new PathPoint(time, alpha, sigma, alphaRate, -alpha * alphaRate / sigma);
    }

    public override double TimeOfRatio(double ratio)
    {
        if (double.IsPositiveInfinity(ratio))
        {
            return NoisiestTime;
        }

        // α² = 1/(1 + ratio²), and -log α = a t² + b t solved for t without cancellation.
        var c = LogOnePlus(ratio * ratio) / 2;
        var (a, b) = ((Beta1 - Beta0) / 4, Beta0 / 2);
        return Math.Min(NoisiestTime, 2 * c / (b + Math.Sqrt((b * b) + (4 * a * c))));
    }

    // 1 - exp(x) for x <= 0, exact also where x is small.
    private static double OneMinusExp(double x) => -2 * Math.Exp(x / 2) * Math.Sinh(x / 2);

    // log(1 + x) for x >= 0, exact also where x is small (Kahan's correction).
    private static double LogOnePlus(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : Math.Log(u) * (x / (u - 1));
    }
}
