using System.Buffers.Binary;

namespace DiffusionMesh.Metrics;

/// <summary>
/// Statistics as bytes, little-endian: int64 count, int64 D, float64 mean[D], float64 covariance[D, D] (divided by
/// count - 1), row-major.
/// </summary>
public static class FeatureStatisticsFormat
{
    private const int HeaderLength = 2 * sizeof(long);
    private const int MaxDimension = 1 << 14;

    // Of two numbers that are the same but for rounding, over the diagonal's scale.
    private const double Rounding = 1e-9;

    public static byte[] Write(FeatureStatistics statistics)
    {
        var d = statistics.Dimension;
        var bytes = new byte[HeaderLength + (sizeof(double) * (d + (d * d)))];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, statistics.Count);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long)), d);
        Write(statistics.Mean, bytes.AsSpan(HeaderLength));
        Write(statistics.Covariance, bytes.AsSpan(HeaderLength + (sizeof(double) * d)));
        return bytes;
    }

    /// <summary>Reads what <see cref="Write(FeatureStatistics)"/> wrote; nothing is allocated before the length is found right.</summary>
    /// <exception cref="FormatException">These are no statistics; the message, to follow the name of the bytes, says why.</exception>
    public static FeatureStatistics Read(ReadOnlySpan<byte> bytes)
    {
        Require(bytes.Length >= HeaderLength, $"has {bytes.Length} bytes, too few for a header of {HeaderLength}");
        var count = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var dimension = BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(long)..]);
        Require(count >= 0, $"says that there are {count} vectors");
        Require(dimension is >= 1 and <= MaxDimension, $"says that vectors have {dimension} numbers; 1 to {MaxDimension} are supported");
        var expected = HeaderLength + (sizeof(double) * (dimension + (dimension * dimension)));
        Require(bytes.Length == expected, $"has {bytes.Length} bytes, but mean and covariance of {dimension} numbers need {expected}");

        var d = (int)dimension;
        var mean = ReadDoubles(bytes[HeaderLength..], d);
        var covariance = ReadDoubles(bytes[(HeaderLength + (sizeof(double) * d))..], d * d);
        Require(Array.TrueForAll(mean, double.IsFinite), "has a mean that is not finite");
        RequireCovariance(covariance, d);
        return FeatureStatistics.Create(count, mean, covariance);
    }

    private static void RequireCovariance(double[] covariance, int d)
    {
        Require(Array.TrueForAll(covariance, double.IsFinite), "has a covariance that is not finite");
        for (var i = 0; i < d; i++)
        {
            var variance = covariance[(i * d) + i];
            Require(variance >= 0, $"has a variance of {variance}, below 0");
            for (var j = 0; j < i; j++)
            {
                var scale = Math.Sqrt(variance) * Math.Sqrt(covariance[(j * d) + j]);
                var (below, above) = (covariance[(i * d) + j], covariance[(j * d) + i]);
                Require(Math.Abs(below - above) <= Rounding * scale, "has a covariance that is not symmetric");
                Require(Math.Abs(below) <= (1 + Rounding) * scale, "has a covariance above what its variances allow");
            }
        }
    }

    private static void Write(ReadOnlySpan<double> values, Span<byte> bytes)
    {
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes[(i * sizeof(double))..], values[i]);
        }
    }

    private static double[] ReadDoubles(ReadOnlySpan<byte> bytes, int count)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * sizeof(double))..]);
        }

        return values;
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new FormatException(otherwise);
        }
    }
}
