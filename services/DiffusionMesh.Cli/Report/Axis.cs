using System.Globalization;

namespace DiffusionMesh.Cli.Report;

/// <summary>A linear axis with ticks at round numbers.</summary>
/// <param name="Minimum">Value at the start, in data units.</param>
/// <param name="Maximum">Value at the end, in data units.</param>
/// <param name="Step">Distance of the ticks: 1, 2 or 5 times a power of ten.</param>
/// <param name="Start">Position of <paramref name="Minimum"/>, in pixels.</param>
/// <param name="End">Position of <paramref name="Maximum"/>, in pixels.</param>
internal sealed record Axis(double Minimum, double Maximum, double Step, double Start, double End)
{
    public IEnumerable<double> Ticks
    {
        get
        {
            var first = Math.Ceiling((Minimum / Step) - 1e-9);
            for (var index = 0; (first + index) * Step <= Maximum + (Step * 1e-9); index++)
            {
                yield return (first + index) * Step;
            }
        }
    }

    /// <summary>Covers [low, high] with about <paramref name="ticks"/> ticks.</summary>
    /// <param name="low">Smallest value shown.</param>
    /// <param name="high">Largest value shown; may equal <paramref name="low"/>.</param>
    /// <param name="ticks">Ticks wished for.</param>
    /// <param name="start">Position of the smallest value, in pixels.</param>
    /// <param name="end">Position of the largest value, in pixels.</param>
    /// <param name="wholeSteps">Whether the axis is extended to whole steps.</param>
    /// <param name="smallestStep">Ticks are never closer than this.</param>
    public static Axis Over(
        double low, double high, int ticks, double start, double end, bool wholeSteps, double smallestStep = 0)
    {
        if (high <= low)
        {
            var margin = low == 0 ? 1 : Math.Abs(low) * 0.1;
            (low, high) = (low - margin, high + margin);
        }

        var step = Math.Max(RoundStep((high - low) / ticks), smallestStep);
        return wholeSteps
            ? new Axis(Math.Floor((low / step) + 1e-9) * step, Math.Ceiling((high / step) - 1e-9) * step, step, start, end)
            : new Axis(low, high, step, start, end);
    }

    public double Position(double value) => Start + ((value - Minimum) / (Maximum - Minimum) * (End - Start));

    /// <summary>Writes a tick with as many decimals as the step needs.</summary>
    public string Label(double tick)
    {
        var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(Step) + 1e-9));
        var rounded = Math.Round(tick, Math.Min(decimals, 15)) + 0.0;
        return rounded.ToString($"N{decimals}", CultureInfo.InvariantCulture).Replace(",", "\u2009", StringComparison.Ordinal);
    }

    private static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return (step / power) switch
        {
            <= 1 => power,
            <= 2 => 2 * power,
            <= 5 => 5 * power,
            _ => 10 * power,
        };
    }
}
