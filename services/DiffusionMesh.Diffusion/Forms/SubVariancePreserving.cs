namespace DiffusionMesh.Diffusion.Forms;

/// <summary>σ = 1 - α² with the α of <see cref="LinearBeta"/>: the sub-VP path of Song et al. (arXiv 2011.13456).</summary>
internal sealed class SubVariancePreserving : Form
{
    public override string Name => "sub-vp";

    public override double NoisiestTime => 1;

    public override double SmallestRatio => .002;

    public override PathPoint At(double time)
    {
        var logAlpha = LinearBeta.LogAlpha(time);
        var alpha = Math.Exp(logAlpha);
        var alphaRate = alpha * LinearBeta.LogAlphaRate(time);

        // 1 - α² = -2 α sinh(log α), exact also where α is near 1.
        return new PathPoint(time, alpha, -2 * alpha * Math.Sinh(logAlpha), alphaRate, -2 * alpha * alphaRate);
    }

    // ratio = 1/α - α = 2 sinh(-log α).
    public override double TimeOfRatio(double ratio) =>
        double.IsPositiveInfinity(ratio) ? NoisiestTime : LinearBeta.TimeOf(Math.Asinh(ratio / 2));
}
