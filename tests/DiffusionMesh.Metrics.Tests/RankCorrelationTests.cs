namespace DiffusionMesh.Metrics.Tests;

public sealed class RankCorrelationTests
{
    private static readonly double[] X = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5];
    private static readonly double[] Y = [2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4];

    // Fixtures/sets_golden.py, Python 3.11.2, numpy 1.24.2.
    [Fact]
    public void Correlations_WithTies_AreWhatNumpyGives()
    {
        Assert.Equal(0.1384567651467695, RankCorrelation.Spearman(X, Y), 1e-12);
        Assert.Equal(0.14757295747452437, RankCorrelation.Kendall(X, Y), 1e-12);
    }

    [Fact]
    public void Correlations_OfTheSameOrder_AreOne()
    {
        var grown = Array.ConvertAll(X, Math.Exp);

        Assert.Equal(1, RankCorrelation.Spearman(X, grown), 1e-12);
        Assert.Equal(1, RankCorrelation.Kendall(X, grown), 1e-12);
    }

    [Fact]
    public void Correlations_OfTheReversedOrder_AreMinusOne()
    {
        var reversed = Array.ConvertAll(X, value => -value);

        Assert.Equal(-1, RankCorrelation.Spearman(X, reversed), 1e-12);
        Assert.Equal(-1, RankCorrelation.Kendall(X, reversed), 1e-12);
    }

    [Fact]
    public void Correlations_WithAConstant_AreUnknown()
    {
        Assert.True(double.IsNaN(RankCorrelation.Spearman([1, 2, 3], [5, 5, 5])));
        Assert.True(double.IsNaN(RankCorrelation.Kendall([1, 2, 3], [5, 5, 5])));
    }

    [Fact]
    public void Correlations_WithoutPairs_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => RankCorrelation.Spearman([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => RankCorrelation.Kendall([1], [1]));
    }
}
