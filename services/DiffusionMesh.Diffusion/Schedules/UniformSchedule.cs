using DiffusionMesh.Diffusion.Forms;

namespace DiffusionMesh.Diffusion.Schedules;

/// <summary>
/// Equal steps in the form's own time. Where data lies at infinity, equal steps down to the smallest ratio and a jump.
/// </summary>
internal sealed class UniformSchedule : Schedule
{
    public override string Name => "uniform";

    protected override void Fill(Form form, double from, double to, Span<double> times) => FillUniform(form, from, to, times);

    public static void FillUniform(Form form, double from, double to, Span<double> times)
    {
        var n = times.Length - 1;
        var end = to;
        if (double.IsNegativeInfinity(to))
        {
            n--;
            end = form.TimeOfRatio(SmallestBelow(form, form.At(from).Ratio));
            times[^1] = to;
        }

        // One division of an interpolation that is often exact, so that a segment continues another's grid to the bit.
        for (var i = 1; i < n; i++)
        {
            times[i] = ((from * (n - i)) + (end * i)) / n;
        }

        times[n] = end;
        times[0] = from;
    }
}
