using DiffusionMesh.Search.Algorithms;

namespace DiffusionMesh.Search.Tests.Algorithms;

public sealed class LogWeightsTests
{
    [Theory]
    [InlineData(new[] { 1.0, 1, 1, 1 }, 4)]
    [InlineData(new[] { 3.0, 1 }, 1.6)]
    [InlineData(new[] { 1.0, 1e-300 }, 1)]
    public void EffectiveSize_OfWeights_IsTheSquareOfTheSumOverTheSumOfSquares(double[] weights, double expected) =>
        Assert.Equal(expected, LogWeights.EffectiveSize(Logs(weights)), 12);

    // Points at (u + j)/n on the unit interval, cut by the shares.
    [Theory]
    [InlineData(new[] { 1.0, 2, 1 }, 4, 0.5, new[] { 0, 1, 1, 2 })]
    [InlineData(new[] { 1.0, 0.9, 0.1 }, 2, 0.99, new[] { 0, 2 })]
    [InlineData(new[] { 1.0, 0.9, 0.1 }, 2, 0.1, new[] { 0, 1 })]
    [InlineData(new[] { 7.0, 1 }, 4, 0.4, new[] { 0, 0, 0, 0 })]
    [InlineData(new[] { 7.0, 1 }, 4, 0.6, new[] { 0, 0, 0, 1 })]
    [InlineData(new[] { 1.0, 3 }, 1, 0.2, new[] { 0 })]
    [InlineData(new[] { 1.0, 3 }, 1, 0.3, new[] { 1 })]
    public void Resample_OfWeights_IsSystematic(double[] weights, int count, double uniform, int[] expected) =>
        Assert.Equal(expected, LogWeights.Resample(Logs(weights), count, uniform));

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.999999)]
    public void Resample_OfEqualWeights_TakesEachOnce(double uniform)
    {
        for (var count = 1; count <= 50; count++)
        {
            Assert.Equal(Enumerable.Range(0, count), LogWeights.Resample(new double[count], count, uniform));
        }
    }

    [Fact]
    public void Weights_BeyondTheRangeOfNumbers_AreComparedAllTheSame()
    {
        Assert.Equal([1, 1], LogWeights.Resample([-2000, 1000], 2, 0.5));
        Assert.Equal([0, 1], LogWeights.Resample([-2000, -2000], 2, 0.5));
        Assert.Equal(1000 - Math.Log(2), LogWeights.LogMean([-2000, 1000]), 12);
    }

    [Fact]
    public void LogMean_OfWeights_IsTheLogarithmOfTheirMean() => Assert.Equal(Math.Log(2), LogWeights.LogMean(Logs([1, 3])), 12);

    private static double[] Logs(double[] weights) => Array.ConvertAll(weights, Math.Log);
}
