using MathNet.Numerics.Distributions;

namespace DiffusionMesh.Metrics;

/// <summary>95 % intervals by Student's t.</summary>
public static class Intervals
{
    private const double UpperTail = 0.975;

    /// <summary>Of the mean of independent values.</summary>
    /// <param name="values">At least one.</param>
    public static Interval OfMean(ReadOnlySpan<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        var mean = Mean(values);
        var squares = 0.0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return Around(mean, Math.Sqrt(squares / (values.Length - 1) / values.Length), values.Length);
    }

    /// <summary>Of the mean of <paramref name="values"/> - <paramref name="baseline"/>, pair by pair.</summary>
    public static Interval OfPairedDifference(ReadOnlySpan<double> values, ReadOnlySpan<double> baseline)
    {
        if (values.Length != baseline.Length)
        {
            throw new ArgumentException($"{values.Length} values do not pair with {baseline.Length}", nameof(baseline));
        }

        var differences = new double[values.Length];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = values[i] - baseline[i];
        }

        return OfMean(differences);
    }

    /// <summary>
    /// Of the mean of values that come in clusters (all seeds of a condition, say) and are independent only between them: the
    /// clusters' means are the observations, all of the same weight.
    /// </summary>
    /// <param name="values">At least one.</param>
    /// <param name="clusters">The cluster of each value.</param>
    public static Interval OfClusters(ReadOnlySpan<double> values, ReadOnlySpan<int> clusters)
    {
        if (values.Length != clusters.Length)
        {
            throw new ArgumentException($"{clusters.Length} clusters are named for {values.Length} values", nameof(clusters));
        }

        var sums = new SortedDictionary<int, (double Sum, int Count)>();
        for (var i = 0; i < values.Length; i++)
        {
            var (sum, count) = sums.GetValueOrDefault(clusters[i]);
            sums[clusters[i]] = (sum + values[i], count + 1);
        }

        return OfMean([.. sums.Values.Select(cluster => cluster.Sum / cluster.Count)]);
    }

    /// <summary>
    /// Of a statistic over groups of samples that is no mean, by leaving out one group at a time (jackknife over groups,
    /// Efron and Tibshirani 1993, chapter 11): variance (G - 1)/G sum (t_g - mean t)^2. The bias that the statistic has
    /// with so many samples stays in it.
    /// </summary>
    /// <param name="estimate">Over all groups.</param>
    /// <param name="leftOut">With each group left out, at least one.</param>
    public static Interval OfJackknife(double estimate, ReadOnlySpan<double> leftOut)
    {
        ArgumentOutOfRangeException.ThrowIfZero(leftOut.Length, nameof(leftOut));
        var mean = Mean(leftOut);
        var squares = 0.0;
        foreach (var value in leftOut)
        {
            squares += (value - mean) * (value - mean);
        }

        return Around(estimate, Math.Sqrt((leftOut.Length - 1.0) / leftOut.Length * squares), leftOut.Length);
    }

    private static Interval Around(double mean, double standardError, int count)
    {
        if (count == 1)
        {
            return new Interval(mean, double.NaN, double.NaN, count);
        }

        var reach = StudentT.InvCDF(0, 1, count - 1, UpperTail) * standardError;
        return new Interval(mean, mean - reach, mean + reach, count);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
