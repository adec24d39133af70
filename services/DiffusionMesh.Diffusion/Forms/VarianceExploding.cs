namespace DiffusionMesh.Diffusion.Forms;

/// <summary>
/// α = 1, σ = σmin (σmax/σmin)^t with σmin = 0.01 and σmax = 50, t in [0, 1]: Song et al. (arXiv 2011.13456). Data lies
/// at t = -∞: schedules go down to σmin and then jump.
/// </summary>
internal sealed class VarianceExploding : Form
{
    private const double SigmaMin = .01;
    private const double SigmaMax = 50;

    private static readonly double LogRange = Math.Log(SigmaMax / SigmaMin);

    public override string Name => "ve";

    public override double NoisiestTime => 1;

    public override double SmallestRatio => SigmaMin;

    public override PathPoint At(double time)
    {
        var sigma = SigmaMin * Math.Exp(LogRange * time);
        return new PathPoint(time, 1, sigma, 0, LogRange * sigma);
    }

    public override double TimeOfRatio(double ratio) =>
        ratio == 0 ? double.NegativeInfinity : Math.Min(NoisiestTime, Math.Log(ratio / SigmaMin) / LogRange);
}
