using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Tests.Samplers;

public class SamplerTests
{
    public static IEnumerable<object[]> SamplersFormsAndPredictions =>
        from sampler in Sampler.All.Names
        from form in Form.All.Names
        from prediction in Prediction.All.Names
        select new object[] { sampler, form, prediction };

    public static TheoryData<string> Names => new(Sampler.All.Names);

    // Errors of the end deviation from x = 80, computed in double by an independent solver.
    [Theory]
    [InlineData("euler", 18, -.0769588)]
    [InlineData("euler", 36, -.0389940)]
    [InlineData("euler", 72, -.0196207)]
    [InlineData("heun", 18, .0276344)]
    [InlineData("heun", 36, .0061069)]
    [InlineData("heun", 72, .0014354)]
    public void Run_GaussianDataOnKarrasGrid_HasKnownError(string sampler, int steps, double error)
    {
        const double ExactEnd = .49999023;
        var grid = Schedule.All["karras"].Grid(Form.All["edm"], 1, 0, steps);

        foreach (var prediction in Prediction.All.Names)
        {
            var end = 80 * new GaussianData(Prediction.All[prediction]).Factor(Sampler.All[sampler], grid);

            Assert.Equal(error, end - ExactEnd, 6e-8);
        }
    }

    [Theory]
    [InlineData("euler", 1)]
    [InlineData("heun", 2)]
    public void Run_GaussianDataOnKarrasGrid_ConvergesWithItsOrder(string sampler, int order)
    {
        var exact = 80 * GaussianData.Deviation(Form.All["edm"].At(0)) / GaussianData.Deviation(Form.All["edm"].At(80));
        var errors = new[] { 18, 36, 72, 144 }.Select(steps => Math.Abs(
            (80 * new GaussianData(Prediction.All["velocity"]).Factor(
                Sampler.All[sampler], Schedule.All["karras"].Grid(Form.All["edm"], 1, 0, steps))) - exact)).ToArray();

        AssertOrder(order, errors, .2);
    }

    [Theory]
    [MemberData(nameof(SamplersFormsAndPredictions))]
    public void Run_GaussianDataInAnyForm_ConvergesWithItsOrder(string sampler, string formName, string prediction)
    {
        var form = Form.All[formName];
        var errors = new[] { 32, 64, 128 }.Select(steps =>
        {
            var grid = Schedule.All["uniform"].Grid(form, .5, .1, steps);
            var exact = GaussianData.Deviation(grid[steps]) / GaussianData.Deviation(grid[0]);
            return Math.Abs(new GaussianData(Prediction.All[prediction]).Factor(Sampler.All[sampler], grid) - exact);
        }).ToArray();

        AssertOrder(sampler == "euler" ? 1 : 2, errors, .15);
    }

    [Theory]
    [MemberData(nameof(SamplersFormsAndPredictions))]
    public void Nfe_AnySegment_IsWhatTheDenoiserCounts(string sampler, string form, string prediction)
    {
        foreach (var steps in new[] { 1, 2, 3, 10 })
        {
            foreach (var (from, to) in new[] { (.9, 0.0), (.9, .4) })
            {
                var denoiser = new GaussianData(Prediction.All[prediction]);
                var grid = Schedule.All["uniform"].Grid(Form.All[form], from, to, steps);

                denoiser.Factor(Sampler.All[sampler], grid);

                Assert.Equal(Sampler.All[sampler].Nfe(steps, grid.EndsAtData), denoiser.Evaluations);
            }
        }
    }

    [Theory]
    [InlineData("euler", 20, true, 20)]
    [InlineData("euler", 20, false, 20)]
    [InlineData("heun", 20, true, 39)]
    [InlineData("heun", 20, false, 40)]
    [InlineData("heun", 1, true, 1)]
    public void Nfe_KnownSampler_IsKnown(string sampler, int steps, bool endsAtData, int nfe)
    {
        Assert.Equal(nfe, Sampler.All[sampler].Nfe(steps, endsAtData));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_CutIntoSegments_GivesTheBitsOfTheWhole(string sampler)
    {
        var start = new float[64];
        NoiseAddress.Of(1).Fill(start);

        var whole = End(sampler, start, 1, 0, 20);
        var half = End(sampler, start, 1, .5, 10);

        Assert.Equal(whole, End(sampler, half, .5, 0, 10));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_EachEvaluation_PredictsTheCleanSample(string sampler)
    {
        var prediction = Prediction.All["velocity"];
        var denoiser = new GaussianData(prediction);
        var run = Sampler.All[sampler].Start(Schedule.All["uniform"].Grid(Form.All["linear-flow"], 1, 0, 8), prediction, [1.5f]);
        var (predicted, clean) = (new float[1], new float[1]);
        while (!run.IsFinished)
        {
            denoiser.Evaluate(run, predicted);
            run.PredictCleanSample(predicted, clean);
            var point = run.Point;
            var exact = point.Alpha * .25 / ((point.Alpha * point.Alpha * .25) + (point.Sigma * point.Sigma)) * run.Input[0];
            Assert.Equal(exact, clean[0], 1e-6);
            run.Advance(predicted);
        }

        Assert.Equal(run.Nfe, denoiser.Evaluations);
        Assert.Throws<InvalidOperationException>(() => run.Advance(predicted));
    }

    private static float[] End(string sampler, float[] start, double from, double to, int steps)
    {
        var denoiser = new GaussianData(Prediction.All["velocity"]);
        var run = Sampler.All[sampler].Start(
            Schedule.All["uniform"].Grid(Form.All["linear-flow"], from, to, steps), Prediction.All["velocity"], [.. start]);
        var predicted = new float[start.Length];
        while (!run.IsFinished)
        {
            denoiser.Evaluate(run, predicted);
            run.Advance(predicted);
        }

        return run.State;
    }

    private static void AssertOrder(int order, double[] errors, double tolerance)
    {
        for (var i = 1; i < errors.Length; i++)
        {
            Assert.InRange(Math.Log2(errors[i - 1] / errors[i]), order - tolerance, order + tolerance);
        }
    }
}
