using DiffusionMesh.Diffusion.Forms;

namespace DiffusionMesh.Diffusion.Schedules;

/// <summary>Where a sampler stops between two noise levels.</summary>
public abstract class Schedule : INamed
{
    /// <summary>Every known schedule.</summary>
    public static Catalog<Schedule> All { get; } = new(new UniformSchedule(), new KarrasSchedule());

    public abstract string Name { get; }

    /// <summary>
    /// The points of a segment of this many steps: steps + 1 of them, from the noisier level to the cleaner one.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The levels do not descend, or the schedule cannot begin or end there.
    /// </exception>
    public TimeGrid Grid(Form form, double fromNoiseLevel, double toNoiseLevel, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
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
        Fill(form, from, to, times);
        return new TimeGrid(form, times, endsAtData: toNoiseLevel == 0);
    }

    /// <summary>Fills in the times, the first and the last included. The last may be negative infinity.</summary>
    protected abstract void Fill(Form form, double from, double to, Span<double> times);
}
