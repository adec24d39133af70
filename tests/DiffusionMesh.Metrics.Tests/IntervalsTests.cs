namespace DiffusionMesh.Metrics.Tests;

public sealed class IntervalsTests
{
    private static readonly double[] X = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5];
    private static readonly double[] Y = [2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4];

    // Fixtures/sets_golden.py, Python 3.11.2, numpy 1.24.2.
    [Fact]
    public void OfMean_OfValues_IsWhatNumpyGives() => AssertEqual(4.0, 2.4102094087329937, 5.589790591267006, Intervals.OfMean(X));

    [Fact]
    public void OfPairedDifference_OfPairs_IsWhatNumpyGives() => AssertEqual(
        0.6363636363636364, -1.8822080173813367, 3.154935290108609, Intervals.OfPairedDifference(Y, X));

    [Fact]
    public void OfPairedDifference_OfAConstantShift_HasNoWidth()
    {
        var shifted = Array.ConvertAll(X, value => value + 2);

        var difference = Intervals.OfPairedDifference(shifted, X);

        AssertEqual(2, 2, 2, difference);
        Assert.True(difference.ExcludesZero);
    }

    [Fact]
    public void OfMean_OfOneValue_SaysNothingOfTheSpread()
    {
        var interval = Intervals.OfMean([7]);

        Assert.Equal(7, interval.Mean);
        Assert.True(double.IsNaN(interval.Low) && double.IsNaN(interval.High));
        Assert.False(interval.ExcludesZero);
    }

    [Fact]
    public void OfClusters_OfEqualClusters_IsTheIntervalOfTheirMeans()
    {
        int[] clusters = [0, 0, 1, 1, 2, 2];

        Assert.Equal(Intervals.OfMean([1.5, 4, 8]), Intervals.OfClusters([1, 2, 3, 5, 7, 9], clusters));
    }

    [Fact]
    public void OfClusters_WithEveryValueItsOwn_IsTheIntervalOfTheMean() =>
        Assert.Equal(Intervals.OfMean(X), Intervals.OfClusters(X, [.. Enumerable.Range(0, X.Length)]));

    [Fact]
    public void OfJackknife_OfAMean_IsTheIntervalOfTheMean()
    {
        var leftOut = X.Select((_, left) => X.Where((_, place) => place != left).Average()).ToArray();

        var (mean, low, high, _) = Intervals.OfMean(X);

        AssertEqual(mean, low, high, Intervals.OfJackknife(X.Average(), leftOut));
    }

    [Fact]
    public void OfMean_OverManyDraws_HoldsTheTrueMeanInNineteenOfTwenty()
    {
        var random = new Random(4);
        var held = Enumerable.Range(0, 2000).Count(_ =>
        {
            var interval = Intervals.OfMean([.. Enumerable.Range(0, 6).Select(_ => Normal(random))]);
            return interval.Low <= 0 && interval.High >= 0;
        });

        // Binomial(2000, 0.95): 1900 with a standard deviation of 9.7.
        Assert.InRange(held, 1860, 1940);
    }

    [Fact]
    public void Intervals_OfListsThatDoNotPair_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Intervals.OfPairedDifference([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => Intervals.OfClusters([1, 2], [1]));
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static void AssertEqual(double mean, double low, double high, Interval interval)
    {
        Assert.Equal(mean, interval.Mean, 1e-9);
        Assert.Equal(low, interval.Low, 1e-9);
        Assert.Equal(high, interval.High, 1e-9);
    }
}
