namespace DiffusionMesh.Diffusion.Schedules;

/// <summary>Equal steps in log(α/σ), as Lu et al. use them for DPM-Solver (arXiv 2206.00927).</summary>
internal sealed class LogSnrSchedule : RatioSchedule
{
    public override string Name => "log-snr";

    protected override void FillRatios(double first, double last, Span<double> ratios)
    {
        var n = ratios.Length - 1;
        var (begin, end) = (Math.Log(first), Math.Log(last));
        for (var i = 1; i < n; i++)
        {
            ratios[i] = Math.Exp(((begin * (n - i)) + (end * i)) / n);
        }

        ratios[n] = last;
    }
}
