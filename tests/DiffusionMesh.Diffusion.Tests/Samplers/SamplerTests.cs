using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Tests.Samplers;

public class SamplerTests
{
    private static readonly NoiseAddress Noise = NoiseAddress.Of(5, 1);

    public static IEnumerable<object[]> SamplersFormsAndPredictions =>
        from sampler in Sampler.All.Names
        from form in Form.All.Names
        from prediction in Prediction.All.Names
        select new object[] { sampler, form, prediction };

    public static IEnumerable<object[]> SamplersFormsAndSchedules =>
        from sampler in Sampler.All.Names
        from form in Form.All.Names
        from schedule in Schedule.All.Names
        select new object[] { sampler, form, schedule };

    public static IEnumerable<object[]> SamplersAndForms =>
        from sampler in Sampler.All.Names
        from form in Form.All.Names
        select new object[] { sampler, form };

    public static TheoryData<string> Names => new(Sampler.All.Names);

    [Theory]
    [MemberData(nameof(SamplersFormsAndPredictions))]
    public void Nfe_AnySegment_IsWhatTheDenoiserCounts(string samplerName, string form, string prediction)
    {
        var sampler = Sampler.All[samplerName];
        foreach (var steps in new[] { 1, 2, 3, 10 })
        {
            foreach (var (from, to) in new[] { (1, 0.0), (.9, 0), (.9, .4), (.89, .08) })
            {
                var grid = Schedule.All["uniform"].Grid(Form.All[form], from, to, steps);

                var (_, evaluations) = Trajectories.Run(
                    sampler, new SamplerStart(grid, Prediction.All[prediction], new float[3]) { Noise = Noise }, new GaussianData());

                Assert.Equal(sampler.Nfe(steps, grid.EndsAtData), evaluations);
            }
        }
    }

    [Theory]
    [InlineData("euler", 20, true, 20)]
    [InlineData("euler", 20, false, 20)]
    [InlineData("heun", 20, true, 39)]
    [InlineData("heun", 20, false, 40)]
    [InlineData("heun", 1, true, 1)]
    [InlineData("ddpm", 7, true, 7)]
    [InlineData("dpmpp-2m-sde", 7, false, 7)]
    [InlineData("amed", 2, true, 3)]
    [InlineData("amed", 5, true, 9)]
    [InlineData("amed", 5, false, 10)]
    public void Nfe_KnownSampler_IsKnown(string sampler, int steps, bool endsAtData, int nfe)
    {
        Assert.Equal(nfe, Sampler.All[sampler].Nfe(steps, endsAtData));
    }

    // From pure noise, down to data and between: states of the start must become states of the end.
    [Theory]
    [MemberData(nameof(SamplersFormsAndSchedules))]
    public void Run_AnyFormScheduleAndSpan_EndsWithTheDeviationOfTheEnd(string samplerName, string formName, string schedule)
    {
        const int Elements = 1024;
        foreach (var (from, to) in new[] { (1.0, 0.0), (1, .11), (.89, .08), (.3, 0), (.005, 0) })
        {
            var grid = Schedule.All[schedule].Grid(Form.All[formName], from, to, 48);
            var start = Trajectories.Draw(NoiseAddress.Of(6), Elements, GaussianData.Deviation(grid[0]));

            var (end, _) = Trajectories.Run(
                Sampler.All[samplerName], new SamplerStart(grid, Prediction.All["velocity"], start) { Noise = Noise }, new GaussianData());

            Assert.All(end, value => Assert.True(float.IsFinite(value)));
            var deviation = Math.Sqrt(end.Average(value => (double)value * value)) / GaussianData.Deviation(grid[48]);

            // Equal steps in σ are too few near data, and Euler's in log σ too long near noise.
            var coarse = (formName == "edm" && schedule is not ("log-snr" or "karras")) || formName == "ve";
            Assert.True(coarse || deviation is > .75 and < 1.15, $"{from} to {to}: {deviation}");
        }
    }

    // The tour of a search over paths: down, noised up again, down to data.
    [Theory]
    [MemberData(nameof(SamplersAndForms))]
    public void Run_AfterRenoising_EndsWithTheDeviationOfTheData(string samplerName, string formName)
    {
        const int Elements = 4096;
        var (sampler, form) = (Sampler.All[samplerName], Form.All[formName]);
        var state = Trajectories.Draw(NoiseAddress.Of(6), Elements, GaussianData.Deviation(form.At(form.TimeOf(.95))));
        foreach (var (from, to) in new[] { (.95, .11), (.89, .08), (.86, 0.0) })
        {
            var grid = Schedule.All["log-snr"].Grid(form, from, to, 100);
            (state, _) = Trajectories.Run(
                sampler, new SamplerStart(grid, Prediction.All["velocity"], state) { Noise = NoiseAddress.Of(8, (uint)(100 * from)) }, new GaussianData());
            if (to > 0)
            {
                var next = form.At(form.TimeOf(to == .11 ? .89 : .86));
                Renoising.Apply(grid[100], next, state, Trajectories.Draw(NoiseAddress.Of(9, (uint)(100 * from)), Elements));
            }
        }

        Assert.Equal(.5, Math.Sqrt(state.Average(value => (double)value * value)), .06);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_CutIntoSegments_GivesTheBitsOfTheWholeUnlessMultistep(string name)
    {
        var start = Trajectories.Draw(NoiseAddress.Of(1), 67);

        var whole = End(name, start, 1, 0, 20, Noise);
        var cut = End(name, End(name, start, 1, .5, 10, Noise), .5, 0, 10, Noise);

        Assert.Equal(!Sampler.All[name].IsMultistep, whole.SequenceEqual(cut));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_OtherNoiseAddress_ChangesStochasticSamplersAlone(string name)
    {
        var start = Trajectories.Draw(NoiseAddress.Of(1), 67);

        var (one, same, other) = (End(name, start, 1, 0, 8, Noise), End(name, start, 1, 0, 8, Noise), End(name, start, 1, 0, 8, NoiseAddress.Of(5, 2)));

        Assert.Equal(one, same);
        Assert.Equal(!Sampler.All[name].IsStochastic(null), one.SequenceEqual(other));
    }

    // One family: η = 0 is Euler's step in variance-exploding coordinates, and names differ in their default alone.
    [Fact]
    public void Ancestral_SameEta_IsTheSameSampler()
    {
        var start = Trajectories.Draw(NoiseAddress.Of(1), 67);

        foreach (var eta in new[] { 0, .3, 1 })
        {
            var ddim = End("ddim", start, 1, 0, 8, Noise, eta);
            Assert.Equal(ddim, End("ddpm", start, 1, 0, 8, Noise, eta));
            Assert.Equal(ddim, End("euler-ancestral", start, 1, 0, 8, Noise, eta));
        }

        Assert.Equal(End("ddim", start, 1, 0, 8, Noise), End("ddim", start, 1, 0, 8, Noise, 0));
        Assert.Equal(End("ddpm", start, 1, 0, 8, Noise), End("ddim", start, 1, 0, 8, Noise, 1));
    }

    [Theory]
    [InlineData("euler")]
    [InlineData("heun")]
    [InlineData("dpmpp-2m")]
    [InlineData("amed")]
    public void Start_EtaOfSamplerWithoutOne_IsRefused(string name)
    {
        var start = Start(new float[4], 1, 0, 8, Noise, 0);

        Assert.Contains("has no eta", Assert.Throws<ArgumentException>(() => Sampler.All[name].Start(start)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Start_EtaOutOfRange_IsRefused(double eta)
    {
        Assert.Throws<ArgumentException>(() => Sampler.All["ddim"].Start(Start(new float[4], 1, 0, 8, Noise, eta)));
    }

    [Fact]
    public void Start_StochasticWithoutNoise_IsRefused()
    {
        Assert.Contains(
            "give it an address",
            Assert.Throws<ArgumentException>(() => Sampler.All["ddpm"].Start(Start(new float[4], 1, 0, 8, null))).Message,
            StringComparison.Ordinal);
        Assert.NotNull(Sampler.All["ddpm"].Start(Start(new float[4], 1, 0, 8, null, 0)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_EachEvaluation_PredictsTheCleanSample(string name)
    {
        var (data, start) = (new GaussianData(), Start([1.5f], 1, 0, 8, Noise));
        var run = Sampler.All[name].Start(start);
        var (predicted, clean) = (new float[1], new float[1]);
        while (!run.IsFinished)
        {
            Trajectories.Evaluate(run, start, data, predicted);
            run.PredictCleanSample(predicted, clean);
            Assert.Equal(data.CleanSample(run.Point, run.Input[0]), clean[0], 1e-5);
            run.Advance(predicted);
        }

        Assert.Throws<InvalidOperationException>(() => run.Advance(predicted));
    }

    private static float[] End(string name, float[] state, double from, double to, int steps, NoiseAddress? noise, double? eta = null) =>
        Trajectories.Run(Sampler.All[name], Start(state, from, to, steps, noise, eta), new GaussianData()).State;

    private static SamplerStart Start(float[] state, double from, double to, int steps, NoiseAddress? noise, double? eta = null) =>
        new(Schedule.All["uniform"].Grid(Form.All["linear-flow"], from, to, steps), Prediction.All["velocity"], state) { Noise = noise, Eta = eta };
}
