using System.Globalization;

namespace DiffusionMesh.Benchmarks.Measuring;

/// <summary>What repetitions of one measurement gave: their median, and the quartiles between which half of them lie.</summary>
internal readonly record struct Spread(double Median, double LowerQuartile, double UpperQuartile)
{
    /// <param name="values">At least one.</param>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new Spread(Quantile(sorted, 0.5), Quantile(sorted, 0.25), Quantile(sorted, 0.75));
    }

    /// <summary>The value below which a part of the others lies, by linear interpolation between neighbours.</summary>
    /// <param name="sorted">Ascending, at least one.</param>
    /// <param name="part">In [0, 1].</param>
    public static double Quantile(double[] sorted, double part)
    {
        var position = part * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>For example <c>1.04 (1.03 to 1.06)</c>.</summary>
    /// <param name="format">Of each number.</param>
    public string Text(string format) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Median.ToString(format, CultureInfo.InvariantCulture)} ({LowerQuartile.ToString(format, CultureInfo.InvariantCulture)} to {UpperQuartile.ToString(format, CultureInfo.InvariantCulture)})");
}
