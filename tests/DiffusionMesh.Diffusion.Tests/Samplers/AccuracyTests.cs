using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Tests.Samplers;

/// <summary>Errors on Gaussian data, where the exact end is known, and how they fall with the number of steps.</summary>
public class AccuracyTests
{
    // Of the end deviation from 80 to 0 in the form of Karras et al.
    private const double ExactEnd = .49999023;

    private static readonly Dictionary<string, int> Orders = new()
    {
        ["euler"] = 1,
        ["ddim"] = 1,
        ["ddpm"] = 1,
        ["euler-ancestral"] = 1,
        ["heun"] = 2,
        ["dpmpp-2m"] = 2,
        ["dpmpp-2m-sde"] = 2,
        ["amed"] = 2,
    };

    public static TheoryData<string> Names => new(Sampler.All.Names);

    public static IEnumerable<object[]> SamplersFormsAndPredictions => SamplerTests.SamplersFormsAndPredictions;

    // Errors of the end deviation from x = 80, computed in double by an independent solver. In this form DDIM without
    // noise is Euler's method.
    [Theory]
    [InlineData("euler", 18, -.0769588)]
    [InlineData("euler", 36, -.0389940)]
    [InlineData("euler", 72, -.0196207)]
    [InlineData("ddim", 18, -.0769588)]
    [InlineData("heun", 18, .0276344)]
    [InlineData("heun", 36, .0061069)]
    [InlineData("heun", 72, .0014354)]
    [InlineData("dpmpp-2m", 18, .0311498)]
    [InlineData("dpmpp-2m", 36, .0065514)]
    [InlineData("dpmpp-2m", 72, .0014837)]
    [InlineData("dpmpp-2m-sde", 18, .0311498)]
    public void Run_WithoutNoise_HasKnownError(string sampler, int steps, double error)
    {
        foreach (var prediction in Prediction.All.Names)
        {
            var end = 80 * new GaussianData().Factor(Sampler.All[sampler], Prediction.All[prediction], Karras(steps));

            Assert.Equal(error, end - ExactEnd, 6e-8);
        }
    }

    // The same with noise: the variance of the end, propagated exactly from 80² at the start. Errors of the deviation 1/2
    // of the data.
    [Theory]
    [InlineData("euler-ancestral", 18, -.1321544)]
    [InlineData("euler-ancestral", 36, -.0744332)]
    [InlineData("euler-ancestral", 72, -.0396302)]
    [InlineData("ddpm", 18, -.1321544)]
    [InlineData("dpmpp-2m-sde", 18, .0656316)]
    [InlineData("dpmpp-2m-sde", 36, .0173042)]
    [InlineData("dpmpp-2m-sde", 72, .0039757)]
    public void Run_WithNoise_HasKnownError(string sampler, int steps, double error)
    {
        foreach (var prediction in new[] { "epsilon", "x0", "edm" })
        {
            var end = new GaussianData().EndDeviation(Sampler.All[sampler], Prediction.All[prediction], Karras(steps), 80);

            Assert.Equal(error, end - .5, 6e-8);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_OnKarrasGrid_ConvergesWithItsOrder(string sampler)
    {
        var exact = 80 * GaussianData.Deviation(Form.All["edm"].At(0)) / GaussianData.Deviation(Form.All["edm"].At(80));
        var errors = new[] { 18, 36, 72, 144 }.Select(steps => Math.Abs(
            (80 * new GaussianData().Factor(Sampler.All[sampler], Prediction.All["velocity"], Karras(steps))) - exact)).ToArray();

        AssertOrder(Orders[sampler], errors, .25);
    }

    [Theory]
    [MemberData(nameof(SamplersFormsAndPredictions))]
    public void Run_InAnyForm_ConvergesWithItsOrder(string sampler, string formName, string prediction)
    {
        var form = Form.All[formName];
        var errors = new[] { 32, 64, 128 }.Select(steps =>
        {
            var grid = Schedule.All["uniform"].Grid(form, .7, .05, steps);
            var exact = GaussianData.Deviation(grid[steps]) / GaussianData.Deviation(grid[0]);
            return Math.Abs(new GaussianData().Factor(Sampler.All[sampler], Prediction.All[prediction], grid) - exact);
        }).ToArray();

        AssertOrder(Orders[sampler], errors, .2);
    }

    private static TimeGrid Karras(int steps) => Schedule.All["karras"].Grid(Form.All["edm"], 1, 0, steps);

    private static void AssertOrder(int order, double[] errors, double tolerance)
    {
        for (var i = 1; i < errors.Length; i++)
        {
            Assert.InRange(Math.Log2(errors[i - 1] / errors[i]), order - tolerance, order + tolerance);
        }
    }
}
