using DiffusionMesh.Diffusion.Forms;

namespace DiffusionMesh.Diffusion.Schedules;

/// <summary>
/// Points given by their noise-to-signal ratio σ/α. A segment that ends at data goes down to the form's smallest ratio,
/// then to 0. Where a segment begins at pure noise, an infinite ratio, the points after the first are those of a segment
/// from the ratio 80: nothing but the first step's length differs.
/// </summary>
internal abstract class RatioSchedule : Schedule
{
    protected sealed override void Fill(Form form, double from, double to, Span<double> times)
    {
        var first = form.At(from).Ratio;
        if (double.IsPositiveInfinity(first))
        {
            first = Math.Max(Form.PureNoiseRatio, double.IsNegativeInfinity(to) ? 0 : 2 * form.At(to).Ratio);
        }

        var last = double.IsNegativeInfinity(to) ? 0 : form.At(to).Ratio;
        var n = times.Length - 1;
        if (last == 0)
        {
            n--;
            last = SmallestBelow(form, first);
        }

        FillRatios(first, last, times[..(n + 1)]);
        for (var i = 1; i <= n; i++)
        {
            times[i] = form.TimeOfRatio(times[i]);
        }

        times[0] = from;
        times[^1] = to;
    }

    /// <summary>Fills in the ratios; the first and the last are given.</summary>
    protected abstract void FillRatios(double first, double last, Span<double> ratios);
}
