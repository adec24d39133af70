using DiffusionMesh.Diffusion.Forms;

namespace DiffusionMesh.Diffusion.Schedules;

/// <summary>
/// Equal steps in the seventh root of the noise-to-signal ratio r = σ/α: Karras et al. (arXiv 2206.00364), equation 5,
/// r_i = (r_0^(1/7) + i/(n-1) (r_(n-1)^(1/7) - r_0^(1/7)))^7. A segment that ends at data goes down to the form's
/// smallest ratio, then to 0. It cannot begin at pure noise, where r is infinite.
/// </summary>
internal sealed class KarrasSchedule : Schedule
{
    private const double Rho = 7;

    public override string Name => "karras";

    protected override void Fill(Form form, double from, double to, Span<double> times)
    {
        var first = Ratio(form, from);
        if (double.IsInfinity(first))
        {
            throw new ArgumentException("schedule \"karras\" cannot begin at pure noise: begin at a noise level below 1, or use \"uniform\"");
        }

        var last = double.IsNegativeInfinity(to) ? 0 : Ratio(form, to);
        var n = times.Length - 1;
        if (last == 0)
        {
            n--;
            last = Math.Min(form.SmallestRatio, first);
        }

        var (begin, end) = (Math.Pow(first, 1 / Rho), Math.Pow(last, 1 / Rho));
        for (var i = 1; i < n; i++)
        {
            times[i] = form.TimeOfRatio(Math.Pow(begin + ((double)i / n * (end - begin)), Rho));
        }

        times[n] = form.TimeOfRatio(last);
        times[0] = from;
        times[^1] = to;
    }

    private static double Ratio(Form form, double time)
    {
        var point = form.At(time);
        return point.Sigma / point.Alpha;
    }
}
