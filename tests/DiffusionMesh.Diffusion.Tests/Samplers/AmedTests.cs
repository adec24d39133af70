using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Tests.Samplers;

public class AmedTests
{
    private static readonly AmedParameters Fitted = new(new Dictionary<int, IReadOnlyList<AmedStep>>
    {
        [3] = [new(.3, 1.1, .9), new(.6, .95, 1.05)],
    });

    // The formulas as the paper prints them, in double, for Gaussian data in the form of Karras et al.
    [Fact]
    public void Run_FittedParameters_AreThePublishedSteps()
    {
        var grid = Schedule.All["karras"].Grid(Form.All["edm"], 1, 0, 3);
        var x = 40.0;
        for (var i = 0; i < 2; i++)
        {
            var (t, next, (r, c, a)) = (grid.Times[i], grid.Times[i + 1], Fitted.For(3)![i]);
            var middle = Math.Pow(next, r) * Math.Pow(t, 1 - r);
            var xMiddle = x + ((middle - t) * (x - Denoise(x, t)) / t);
            x += c * (next - t) * (xMiddle - Denoise(xMiddle, a * middle)) / middle;
        }

        var expected = Denoise(x, grid.Times[2]);

        Assert.Equal(expected, End(grid, Fitted), 1e-5);
        Assert.NotEqual(expected, End(grid, null), 1e-3);
    }

    // The first evaluation gives the noise, the second, at the ratio (1 + sqrt 5)/2, the clean sample.
    [Fact]
    public void Run_NotFittedFromPureNoise_TakesTheCleanSampleOfTheMiddle()
    {
        var grid = Schedule.All["uniform"].Grid(Form.All["linear-flow"], 1, 0, 2);
        var middle = (1 + Math.Sqrt(5)) / 2;
        const double Noise = 40;

        var expected = Denoise(Noise + Denoise(middle * Noise, middle), 1);

        Assert.Equal(expected, End(grid, null), 1e-5);
    }

    [Theory]
    [InlineData(1, 0, 4)]
    [InlineData(1, .1, 3)]
    [InlineData(.9, 0, 3)]
    public void Run_OtherSegmentThanFitted_TakesTheDefaults(double from, double to, int steps)
    {
        var grid = Schedule.All["karras"].Grid(Form.All["edm"], from, to, steps);

        Assert.Equal(End(grid, null), End(grid, Fitted));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(.5, 0, 1)]
    [InlineData(.5, 1, double.NaN)]
    public void Step_ParameterOutOfRange_IsRefused(double r, double c, double a)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AmedStep(r, c, a));
    }

    [Fact]
    public void Parameters_WrongNumberOfEntries_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new AmedParameters(new Dictionary<int, IReadOnlyList<AmedStep>> { [3] = [AmedStep.Default] }));

        Assert.Contains("3 steps take 2 entries, not 1", error.Message, StringComparison.Ordinal);
    }

    private static double Denoise(double x, double t) => .25 / (.25 + (t * t)) * x;

    private static double End(TimeGrid grid, AmedParameters? parameters) => Trajectories.Run(
        Sampler.All["amed"], new SamplerStart(grid, Prediction.All["x0"], [40]) { Amed = parameters }, new GaussianData()).State[0];
}
