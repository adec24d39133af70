namespace DiffusionMesh.Metrics.Tests;

public sealed class FidTests
{
    // Fixtures/fid_golden.py, Python 3.11.2, numpy 1.24.2.
    [Theory]
    [InlineData(40, 60, 5, 0.3874361498250227)]
    [InlineData(300, 200, 16, 1.3527610575354174)]
    [InlineData(500, 400, 32, 3.5325496700973105)]
    public void Between_TwoSets_IsWhatNumpyGives(int count, int referenceCount, int dimension, double expected)
    {
        var set = FeatureStatistics.Of(Features.Of(count, dimension, 1), dimension);
        var reference = FeatureStatistics.Of(Features.Of(referenceCount, dimension, 2), dimension);

        Assert.Equal(expected, Fid.Between(set, reference), 1e-6 * expected);
        Assert.Equal(expected, Fid.Between(reference, set), 1e-6 * expected);
    }

    [Fact]
    public void Between_NormalsOnALine_IsTheSquaredDifferenceOfTheirMoments()
    {
        var (a, b) = (FeatureStatistics.Create(9, [3], [4]), FeatureStatistics.Create(9, [5], [1]));

        Assert.Equal(4 + ((2 - 1) * (2 - 1)), Fid.Between(a, b), 1e-12);
    }

    [Theory]
    [InlineData(200, 16)]
    [InlineData(10, 16)]
    [InlineData(1, 4)]
    public void Between_ASetAndItself_IsZero(int count, int dimension)
    {
        var set = FeatureStatistics.Of(Features.Of(count, dimension, 3), dimension);

        Assert.Equal(0, Fid.Between(set, set), 1e-10);
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(1, 8)]
    [InlineData(5, 8)]
    [InlineData(256, 24)]
    public void DistanceWith_OneMoreVector_IsTheDistanceOfTheLargerSet(int count, int dimension)
    {
        var fid = new Fid(FeatureStatistics.Of(Features.Of(300, dimension, 2), dimension));
        var growing = fid.Growing(FeatureStatistics.Of(Features.Of(count, dimension, 1), dimension));
        var larger = FeatureStatistics.Of(Features.Of(count + 1, dimension, 1), dimension);
        var expected = fid.Of(larger);

        Assert.Equal(expected, growing.DistanceWith(Features.Of(count + 1, dimension, 1).AsSpan(count * dimension)), 1e-9 * (1 + expected));
    }

    [Fact]
    public void DistanceWith_FromSeveralThreads_GivesTheSameBits()
    {
        const int dimension = 24;
        var fid = new Fid(FeatureStatistics.Of(Features.Of(300, dimension, 2), dimension));
        var growing = fid.Growing(FeatureStatistics.Of(Features.Of(256, dimension, 1), dimension));
        var candidates = Features.Of(64, dimension, 4);
        double Score(int i) => growing.DistanceWith(candidates.AsSpan(i * dimension, dimension));
        var alone = Enumerable.Range(0, 64).Select(Score).ToArray();
        var together = new double[64];

        Parallel.For(0, 64, i => together[i] = Score(i));

        Assert.Equal(alone, together);
    }

    [Fact]
    public void Growing_AnotherDimension_IsRefused()
    {
        var fid = new Fid(FeatureStatistics.Of(Features.Of(9, 3, 1), 3));

        Assert.Throws<ArgumentException>(() => fid.Of(FeatureStatistics.Of(Features.Of(9, 4, 1), 4)));
    }
}
