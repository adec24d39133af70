using System.Buffers.Binary;

namespace DiffusionMesh.Metrics.Tests;

public sealed class FeatureStatisticsTests
{
    private const int Dimension = 6;

    public static TheoryData<string, Action<byte[]>, string> Spoilt => new()
    {
        { "negative count", bytes => BinaryPrimitives.WriteInt64LittleEndian(bytes, -1), "-1 vectors" },
        { "another dimension", bytes => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), 7), "need 464" },
        { "huge dimension", bytes => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), long.MaxValue), "are supported" },
        { "mean", bytes => BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(16), double.NaN), "mean that is not finite" },
        { "covariance", bytes => BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(64), double.PositiveInfinity), "covariance that is not finite" },
        { "variance", bytes => BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(64), -1), "below 0" },
        { "symmetry", bytes => BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(72), 0.001), "not symmetric" },
        {
            "correlation",
            bytes =>
            {
                BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(72), 50);
                BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(64 + (8 * Dimension)), 50);
            },
            "above what its variances allow"
        },
    };

    [Fact]
    public void Of_FewVectors_AreTheMomentsByHand()
    {
        var statistics = FeatureStatistics.Of([1, 2, 3, 6, 5, 1], 2);

        Assert.Equal(3, statistics.Count);
        Assert.Equal([3, 3], statistics.Mean.ToArray());
        Assert.Equal([4, -1, -1, 7], statistics.Covariance.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    public void With_OneAfterTheOther_AreTheMomentsOfAll(int start)
    {
        var all = Features.Of(start + 30, Dimension, 1);
        var grown = FeatureStatistics.Of(all.AsSpan(0, start * Dimension), Dimension);
        for (var n = start; n < start + 30; n++)
        {
            grown = grown.With(all.AsSpan(n * Dimension, Dimension));
        }

        var expected = FeatureStatistics.Of(all, Dimension);
        Assert.Equal(expected.Count, grown.Count);
        AssertClose(expected.Mean, grown.Mean);
        AssertClose(expected.Covariance, grown.Covariance);
    }

    [Fact]
    public void With_AnotherVector_LeavesTheSetAsItWas()
    {
        var set = FeatureStatistics.Of(Features.Of(9, Dimension, 1), Dimension);
        var before = FeatureStatisticsFormat.Write(set);

        set.With(new float[Dimension]);

        Assert.Equal(before, FeatureStatisticsFormat.Write(set));
    }

    [Fact]
    public void Write_ThenRead_IsTheSameSet()
    {
        var set = FeatureStatistics.Of(Features.Of(9, Dimension, 1), Dimension);
        var bytes = FeatureStatisticsFormat.Write(set);
        var read = FeatureStatisticsFormat.Read(bytes);

        Assert.Equal(16 + (8 * (Dimension + (Dimension * Dimension))), bytes.Length);
        Assert.Equal((set.Count, set.Dimension), (read.Count, read.Dimension));
        Assert.Equal(set.Mean.ToArray(), read.Mean.ToArray());
        Assert.Equal(set.Covariance.ToArray(), read.Covariance.ToArray());
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void Read_SpoiltBytes_SaysWhatIsWrong(string what, Action<byte[]> spoil, string expected)
    {
        var bytes = FeatureStatisticsFormat.Write(FeatureStatistics.Of(Features.Of(9, Dimension, 1), Dimension));
        spoil(bytes);

        Assert.NotEmpty(what);
        Assert.Contains(expected, Assert.Throws<FormatException>(() => FeatureStatisticsFormat.Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(17)]
    public void Read_AnotherLength_IsRefused(int length)
    {
        var bytes = FeatureStatisticsFormat.Write(FeatureStatistics.Of(Features.Of(9, Dimension, 1), Dimension))[..length];

        Assert.Contains($"has {length} bytes", Assert.Throws<FormatException>(() => FeatureStatisticsFormat.Read(bytes)).Message, StringComparison.Ordinal);
    }

    private static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-12);
        }
    }
}
