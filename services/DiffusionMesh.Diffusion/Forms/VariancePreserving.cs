namespace DiffusionMesh.Diffusion.Forms;

/// <summary>σ = sqrt(1 - α²) with the α of <see cref="LinearBeta"/>: the continuous DDPM of Song et al. (arXiv 2011.13456).</summary>
internal sealed class VariancePreserving : Form
{
    public override string Name => "vp";

    public override double NoisiestTime => 1;

    public override double SmallestRatio => .002;

    public override PathPoint At(double time)
    {
        var logAlpha = LinearBeta.LogAlpha(time);
        var alpha = Math.Exp(logAlpha);
        var sigma = Math.Sqrt(OneMinusExp(2 * logAlpha));
        var alphaRate = alpha * LinearBeta.LogAlphaRate(time);

        // From α² + σ² = 1.
        return new PathPoint(time, alpha, sigma, alphaRate, -alpha * alphaRate / sigma);
    }

    // α² = 1/(1 + ratio²).
    public override double TimeOfRatio(double ratio) =>
        double.IsPositiveInfinity(ratio) ? NoisiestTime : LinearBeta.TimeOf(LogOnePlus(ratio * ratio) / 2);

    // 1 - exp(x) for x <= 0, exact also where x is small.
    private static double OneMinusExp(double x) => -2 * Math.Exp(x / 2) * Math.Sinh(x / 2);

    // log(1 + x) for x >= 0, exact also where x is small (Kahan's correction).
    private static double LogOnePlus(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : Math.Log(u) * (x / (u - 1));
    }
}
