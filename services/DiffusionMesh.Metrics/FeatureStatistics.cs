using System.Numerics.Tensors;

namespace DiffusionMesh.Metrics;

/// <summary>Mean and covariance (divided by N - 1) of a set of feature vectors. It never changes: adding one gives another set.</summary>
public sealed class FeatureStatistics
{
    private readonly double[] _mean;
    private readonly double[] _covariance;

    private FeatureStatistics(long count, double[] mean, double[] covariance) =>
        (Count, _mean, _covariance) = (count, mean, covariance);

    /// <summary>N, how many vectors the set has.</summary>
    public long Count { get; }

    /// <summary>D, the length of a vector.</summary>
    public int Dimension => _mean.Length;

    /// <summary>[D].</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>[D, D], row-major; zero for fewer than two vectors.</summary>
    public ReadOnlySpan<double> Covariance => _covariance;

    /// <summary>A set given by its moments.</summary>
    /// <param name="count">N, 0 or more.</param>
    /// <param name="mean">[D]; copied.</param>
    /// <param name="covariance">[D, D], row-major, symmetric; copied.</param>
    public static FeatureStatistics Create(long count, ReadOnlySpan<double> mean, ReadOnlySpan<double> covariance)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfZero(mean.Length, nameof(mean));
        return covariance.Length == (long)mean.Length * mean.Length
            ? new FeatureStatistics(count, mean.ToArray(), covariance.ToArray())
            : throw new ArgumentException($"{covariance.Length} values are no [{mean.Length}, {mean.Length}]", nameof(covariance));
    }

    /// <summary>The moments of vectors, in two passes.</summary>
    /// <param name="features">[N, D], row-major; N may be 0.</param>
    /// <param name="dimension">D.</param>
    public static FeatureStatistics Of(ReadOnlySpan<float> features, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        var count = features.Length / dimension;
        if (count * dimension != features.Length)
        {
            throw new ArgumentException($"{features.Length} values are no rows of {dimension}", nameof(features));
        }

        var mean = new double[dimension];
        var row = new double[dimension];
        for (var n = 0; n < count; n++)
        {
            TensorPrimitives.ConvertTruncating(features.Slice(n * dimension, dimension), row);
            TensorPrimitives.Add(mean, row, mean);
        }

        TensorPrimitives.Divide(mean, Math.Max(count, 1), mean);
        var covariance = new double[dimension * dimension];
        for (var n = 0; n < count; n++)
        {
            TensorPrimitives.ConvertTruncating(features.Slice(n * dimension, dimension), row);
            TensorPrimitives.Subtract(row, mean, row);
            AddOuter(covariance, row, 1);
        }

        TensorPrimitives.Divide(covariance, Math.Max(count - 1, 1), covariance);
        return new FeatureStatistics(count, mean, covariance);
    }

    /// <summary>The set with one more vector, by a rank-one update in O(D²) (Welford).</summary>
    /// <param name="feature">[D].</param>
    public FeatureStatistics With(ReadOnlySpan<float> feature)
    {
        var shift = ShiftTo(feature);
        var count = Count + 1;
        var mean = (double[])_mean.Clone();
        TensorPrimitives.MultiplyAdd(shift, 1.0 / count, mean, mean);

        // (N - 1) S becomes (N - 1) S + N/(N + 1) d dᵀ, with d the way from the old mean; divided by N.
        var covariance = (double[])_covariance.Clone();
        TensorPrimitives.Multiply(covariance, KeptShare, covariance);
        AddOuter(covariance, shift, 1.0 / count);
        return new FeatureStatistics(count, mean, Count == 0 ? new double[_covariance.Length] : covariance);
    }

    /// <summary>What remains of the covariance when a vector is added: (N - 1)/N.</summary>
    internal double KeptShare => Count > 0 ? (Count - 1.0) / Count : 0;

    /// <summary>From the mean to a vector, [D].</summary>
    internal double[] ShiftTo(ReadOnlySpan<float> feature)
    {
        if (feature.Length != Dimension)
        {
            throw new ArgumentException($"has {feature.Length} values; the set's vectors have {Dimension}", nameof(feature));
        }

        var shift = new double[Dimension];
        TensorPrimitives.ConvertTruncating(feature, shift);
        TensorPrimitives.Subtract(shift, _mean, shift);
        return shift;
    }

    private static void AddOuter(double[] matrix, ReadOnlySpan<double> vector, double weight)
    {
        var d = vector.Length;
        for (var i = 0; i < d; i++)
        {
            var row = matrix.AsSpan(i * d, d);
            TensorPrimitives.MultiplyAdd(vector, vector[i] * weight, row, row);
        }
    }
}
