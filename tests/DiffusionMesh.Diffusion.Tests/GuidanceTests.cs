namespace DiffusionMesh.Diffusion.Tests;

public class GuidanceTests
{
    [Theory]
    [InlineData(0, 1, 10)]
    [InlineData(1, 2, 20)]
    [InlineData(2, 3, 30)]
    [InlineData(-1, 0, 0)]
    public void Apply_Weight_ExtrapolatesFromTheUnconditional(double weight, float first, float second)
    {
        float[] conditional = [2, 20];

        new Guidance(weight).Apply(conditional, [1, 10]);

        Assert.Equal([first, second], conditional);
    }

    [Fact]
    public void IsActive_WeightOne_IsFalse()
    {
        Assert.False(new Guidance(1).IsActive);
        Assert.True(new Guidance(1.5).IsActive);
        Assert.True(new Guidance(0).IsActive);
    }

    [Theory]
    [InlineData(.81, false)]
    [InlineData(.8, true)]
    [InlineData(.8000000000001, true)]
    [InlineData(.5, true)]
    [InlineData(.3, true)]
    [InlineData(.29, false)]
    public void IsActiveAt_Interval_GuidesInsideOnly(double noiseLevel, bool guided)
    {
        Assert.Equal(guided, new Guidance(3, FromNoiseLevel: .8, ToNoiseLevel: .3).IsActiveAt(noiseLevel));
        Assert.False(new Guidance(1, FromNoiseLevel: .8, ToNoiseLevel: .3).IsActiveAt(noiseLevel));
    }

    // φ g std(c)/std(g) + (1 - φ) g: at φ = 1 the deviation is that of the conditional prediction.
    [Theory]
    [InlineData(0)]
    [InlineData(.7)]
    [InlineData(1)]
    public void Apply_Rescale_BringsTheDeviationBack(double rescale)
    {
        float[] c = [1, 4, -2, 7], u = [.5f, 3, 1, 2];
        var g = c.Zip(u, (x, y) => y + (3.0 * (x - y))).ToArray();
        float[] conditional = [.. c];

        new Guidance(3, rescale).Apply(conditional, u);

        var scale = (rescale * Deviation([.. c.Select(x => (double)x)]) / Deviation(g)) + (1 - rescale);
        Assert.Equal(g.Select(x => (float)(x * scale)), conditional, (x, y) => Math.Abs(x - y) < 1e-5);
    }

    [Fact]
    public void Apply_RescaleOfConstantPrediction_LeavesIt()
    {
        float[] conditional = [2, 2];

        new Guidance(2, 1).Apply(conditional, [1, 1]);

        Assert.Equal([3, 3], conditional);
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
