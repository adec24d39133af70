using DiffusionMesh.Diffusion.Forms;

namespace DiffusionMesh.Diffusion.Schedules;

/// <summary>
/// The grids of models that were trained at T = 1000 discrete times: index j in 0 to T - 1 is the time (j + 1)/T of the
/// form's own range. Where a segment has fewer indices than steps, the steps are equal in the form's time instead.
/// </summary>
internal static class TrainingTimes
{
    public const int Count = 1000;

    /// <summary>j + 1 of a time, not rounded. Data is 0.</summary>
    public static double ToIndex(Form form, double time) =>
        double.IsNegativeInfinity(time) ? 0 : time / form.NoisiestTime * Count;

    public static double ToTime(Form form, double index) => index / Count * form.NoisiestTime;
}

/// <summary>
/// Indices round(T - i T/n) - 1, from the noisiest: Lin et al., "Common Diffusion Noise Schedules and Sample Steps are
/// Flawed" (arXiv 2305.08891). A segment takes its own two ends for T and 0.
/// </summary>
internal sealed class DdpmTrailingSchedule : Schedule
{
    public override string Name => "ddpm-trailing";

    protected override void Fill(Form form, double from, double to, Span<double> times)
    {
        var n = times.Length - 1;
        var (first, last) = (TrainingTimes.ToIndex(form, from), TrainingTimes.ToIndex(form, to));
        if (!((first - last) / n > 1))
        {
            UniformSchedule.FillUniform(form, from, to, times);
            return;
        }

        for (var i = 1; i < n; i++)
        {
            times[i] = TrainingTimes.ToTime(form, Math.Round(((first * (n - i)) + (last * i)) / n));
        }

        (times[0], times[^1]) = (from, to);
    }
}

/// <summary>
/// Indices i (T div n) + 1, as Stable Diffusion spaces DDIM's steps (Song et al., arXiv 2010.02502); a segment takes its
/// own two ends for T and 0. The first point is where the segment begins: the state is not taken for a cleaner one.
/// </summary>
internal sealed class DdpmLeadingSchedule : Schedule
{
    // 1 above index 0, and an index is 1 below its place among the times.
    private const int Offset = 2;

    public override string Name => "ddpm-leading";

    protected override void Fill(Form form, double from, double to, Span<double> times)
    {
        var n = times.Length - 1;
        var (first, last) = (TrainingTimes.ToIndex(form, from), TrainingTimes.ToIndex(form, to));
        var width = Math.Floor((first - last) / n);
        if (!(width >= 1 && last + ((n - 2) * width) + Offset < first))
        {
            UniformSchedule.FillUniform(form, from, to, times);
            return;
        }

        for (var i = 0; i <= n - 2; i++)
        {
            times[n - 1 - i] = TrainingTimes.ToTime(form, last + (i * width) + Offset);
        }

        (times[0], times[^1]) = (from, to);
    }
}
