namespace DiffusionMesh.Diffusion.Schedules;

/// <summary>
/// Equal steps in the seventh root of the noise-to-signal ratio r = σ/α: Karras et al. (arXiv 2206.00364), equation 5,
/// r_i = (r_0^(1/7) + i/(n-1) (r_(n-1)^(1/7) - r_0^(1/7)))^7.
/// </summary>
internal sealed class KarrasSchedule : RatioSchedule
{
    private const double Rho = 7;

    public override string Name => "karras";

    protected override void FillRatios(double first, double last, Span<double> ratios)
    {
        var n = ratios.Length - 1;
        var (begin, end) = (Math.Pow(first, 1 / Rho), Math.Pow(last, 1 / Rho));
        for (var i = 1; i < n; i++)
        {
            ratios[i] = Math.Pow(begin + ((double)i / n * (end - begin)), Rho);
        }

        ratios[n] = last;
    }
}
