using DiffusionMesh.Diffusion.Forms;

namespace DiffusionMesh.Diffusion.Schedules;

/// <summary>Where a sampler stops between two noise levels.</summary>
public abstract class Schedule : INamed
{
    /// <summary>Every known schedule.</summary>
    public static Catalog<Schedule> All { get; } = new(
        new UniformSchedule(), new KarrasSchedule(), new LogSnrSchedule(), new DdpmTrailingSchedule(), new DdpmLeadingSchedule());

    public abstract string Name { get; }

    /// <summary>
    /// The points of a segment of this many steps: steps + 1 of them, from the noisier level to the cleaner one.
    /// </summary>
    /// <param name="form">Whose times.</param>
    /// <param name="fromNoiseLevel">Where the segment begins, in (0, 1].</param>
    /// <param name="toNoiseLevel">Where it ends, in [0, 1).</param>
    /// <param name="steps">At least 1.</param>
    /// <param name="resolutionShift">
    /// m > 0: multiplies the ratio σ/α of every point between the form's ends, for images of m times the trained side, so
    /// that SNR' = SNR/m² (Hoogeboom et al., "simple diffusion", arXiv 2301.11093). Linear flow: t' = m t/(1 + (m-1) t).
    /// </param>
    /// <exception cref="ArgumentException">The levels do not descend, or the form has none of them.</exception>
    public TimeGrid Grid(Form form, double fromNoiseLevel, double toNoiseLevel, int steps, double resolutionShift = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (!(double.IsFinite(resolutionShift) && resolutionShift > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(resolutionShift), resolutionShift, "must be a number above 0");
        }

        if (!(fromNoiseLevel is > 0 and <= 1 && toNoiseLevel >= 0 && toNoiseLevel < fromNoiseLevel))
        {
            throw new ArgumentException($"noise levels must descend within [0, 1], not go from {fromNoiseLevel} to {toNoiseLevel}");
        }

        var from = form.TimeOf(fromNoiseLevel);
        var to = form.TimeOf(toNoiseLevel);
        if (!(from > to))
        {
            throw new ArgumentException(
                $"form \"{form.Name}\" has noise levels up to {form.At(form.NoisiestTime).NoiseLevel:G4}, so it cannot go from {fromNoiseLevel} to {toNoiseLevel}");
        }

        var times = new double[steps + 1];
        if (resolutionShift == 1)
        {
            Fill(form, from, to, times);
        }
        else
        {
            FillShifted(form, from, to, resolutionShift, times);
        }

        return new TimeGrid(form, times, endsAtData: toNoiseLevel == 0);
    }

    /// <summary>Fills in the times, the first and the last included. The last may be negative infinity.</summary>
    protected abstract void Fill(Form form, double from, double to, Span<double> times);

    /// <summary>The form's smallest ratio; for a segment that begins below it, a tenth of where it begins.</summary>
    protected static double SmallestBelow(Form form, double ratio) => form.SmallestRatio < ratio ? form.SmallestRatio : ratio / 10;

    // The points between are those of the segment between the ends shifted back, so that segments continue one another.
    private void FillShifted(Form form, double from, double to, double shift, Span<double> times)
    {
        Fill(form, Shifted(form, from, 1 / shift), Shifted(form, to, 1 / shift), times);
        for (var i = 1; i < times.Length - 1; i++)
        {
            times[i] = Shifted(form, times[i], shift);
        }

        (times[0], times[^1]) = (from, to);
        if (!Descends(times))
        {
            // Both ends lie beyond the noisiest ratio once they are shifted back: there is nothing to shift.
            Fill(form, from, to, times);
        }
    }

    private static bool Descends(ReadOnlySpan<double> times)
    {
        for (var i = 1; i < times.Length; i++)
        {
            if (!(times[i] < times[i - 1]))
            {
                return false;
            }
        }

        return true;
    }

    private static double Shifted(Form form, double time, double shift) =>
        double.IsNegativeInfinity(time) ? time : form.TimeOfRatio(form.At(time).Ratio * shift);
}
