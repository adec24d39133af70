namespace DiffusionMesh.Diffusion.Forms;

/// <summary>
/// α = cos(u)/cos(u0), σ = sqrt(1 - α²) with u = π/2 (t + s)/(1 + s), s = 0.008 and u0 its value at t = 0: Nichol and
/// Dhariwal, "Improved Denoising Diffusion Probabilistic Models" (arXiv 2102.09672), equation 17. t in [0, 0.999]: at 1
/// nothing of the data would be left, and a predicted ε would say nothing of it; the paper clips there.
/// </summary>
internal sealed class CosineVariancePreserving : Form
{
    private const double Offset = .008;

    // du/dt.
    private const double Rate = Math.PI / 2 / (1 + Offset);

    private const double U0 = Rate * Offset;

    private static readonly (double Sin, double Cos) AtU0 = Math.SinCos(U0);

    public override string Name => "vp-cosine";

    public override double NoisiestTime => .999;

    public override double SmallestRatio => .002;

    public override PathPoint At(double time)
    {
        var u = U0 + (Rate * time);
        var alpha = Math.Cos(u) / AtU0.Cos;
        var alphaRate = -Rate * Math.Sin(u) / AtU0.Cos;

        // cos² u0 - cos² u = sin(u - u0) sin(u + u0), exact also where u is near u0.
        var sigma = Math.Sqrt(Math.Sin(Rate * time) * Math.Sin(u + U0)) / AtU0.Cos;
        return new PathPoint(time, alpha, sigma, alphaRate, -alpha * alphaRate / sigma);
    }

    // tan² u = (ratio² + sin² u0)/cos² u0.
    public override double TimeOfRatio(double ratio)
    {
        if (ratio == 0 || double.IsPositiveInfinity(ratio))
        {
            return ratio == 0 ? 0 : NoisiestTime;
        }

        var u = Math.Atan2(Math.Sqrt((ratio * ratio) + (AtU0.Sin * AtU0.Sin)), AtU0.Cos);
        return Math.Min(NoisiestTime, (u - U0) / Rate);
    }
}
