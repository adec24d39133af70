using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;
using static DiffusionMesh.Functional.Tests.Denoiser.DenoiserFixture;
using NoiseAddress = DiffusionMesh.Diffusion.Noise.NoiseAddress;
using SamplingOptions = DiffusionMesh.Contracts.DenoiserV1.SamplingOptions;

namespace DiffusionMesh.Functional.Tests.Denoiser;

/// <summary>Every sampler and option over the embedded models.</summary>
[Collection("denoiser")]
public class SamplerTests(DenoiserFixture denoiser)
{
    private const string Boot = "a photo of an ankle boot";

    public static TheoryData<string> Samplers => new(Sampler.All.Names);

    public static TheoryData<string> Schedules => new(Schedule.All.Names);

    // A flow that predicts velocities and a variance-preserving model that predicts noise.
    public static IEnumerable<object[]> SamplersAndModels =>
        from sampler in Sampler.All.Names
        from model in new[] { ModelName, "fashion-vp" }
        select new object[] { sampler, model };

    [Theory]
    [MemberData(nameof(SamplersAndModels))]
    public async Task Sample_AloneOrInABatch_GivesTheSameBits(string sampler, string model)
    {
        var all = Enumerable.Range(0, 5).Select(i => FromNoise($"{i}", (uint)i, i % 2 == 0 ? Prompt(Boot) : null)).ToArray();

        var batch = await denoiser.SampleAsync(With(sampler, model, all));

        foreach (var trajectory in all)
        {
            var alone = await denoiser.SampleOneAsync(With(sampler, model, trajectory));
            Assert.Equal(alone.Latent, batch[trajectory.Id].Latent);
            Assert.Equal(Sampler.All[sampler].Nfe(3, endsAtData: true), alone.Nfe);
        }

        Assert.Equal(all.Length, batch.Values.Select(result => result.Latent).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public async Task Sample_CutAtHalfTime_GivesTheBitsOfTheWholeUnlessMultistep(string sampler)
    {
        var whole = Request(FromNoise("a", 1, Prompt(Boot)));
        (whole.Sampler, whole.Steps, whole.Guidance) = (sampler, 8, 2);
        var first = whole.Clone();
        (first.Steps, first.ToNoiseLevel) = (4, .5);

        var expected = await denoiser.SampleOneAsync(whole);
        var half = await denoiser.SampleOneAsync(first);
        var second = Request(new Trajectory
        {
            Id = "a",
            Latent = half.Latent,
            Condition = Prompt(Boot),
            SamplerNoise = whole.Trajectories[0].Noise.Draw,
        });
        (second.Sampler, second.Steps, second.Guidance, second.FromNoiseLevel) = (sampler, 4, 2, .5);
        var end = await denoiser.SampleOneAsync(second);

        Assert.Equal(!Sampler.All[sampler].IsMultistep, expected.Latent.Equals(end.Latent));
        Assert.Equal(expected.Nfe, half.Nfe + end.Nfe);
    }

    [Fact]
    public async Task Sample_SamplerNoise_IsTheDrawOfTheStartUnlessGiven()
    {
        var (own, same, other) = (FromNoise("own", 1), FromNoise("same", 1), FromNoise("other", 1));
        same.SamplerNoise = own.Noise.Draw;
        other.SamplerNoise = NoiseMapping.ToMessage(NoiseAddress.Of(8));

        var results = await denoiser.SampleAsync(With("ddpm", ModelName, own, same, other));

        Assert.Equal(results["own"].Latent, results["same"].Latent);
        Assert.NotEqual(results["own"].Latent, results["other"].Latent);
    }

    [Fact]
    public async Task Sample_Eta_LeadsFromDdimToDdpm()
    {
        var (ddim, ddpm) = (With("ddim", ModelName, FromNoise("a", 1)), With("ddpm", ModelName, FromNoise("a", 1)));
        var (as0, as1) = (ddpm.Clone(), ddim.Clone());
        (as0.Options, as1.Options) = (new SamplingOptions { Eta = 0 }, new SamplingOptions { Eta = 1 });

        Assert.Equal((await denoiser.SampleOneAsync(ddim)).Latent, (await denoiser.SampleOneAsync(as0)).Latent);
        Assert.Equal((await denoiser.SampleOneAsync(ddpm)).Latent, (await denoiser.SampleOneAsync(as1)).Latent);
    }

    // One row for an evaluation outside of the interval: steps begin at 1, .75, .5 and .25.
    [Theory]
    [InlineData(1, 0, 8)]
    [InlineData(.75, .5, 6)]
    [InlineData(.8, .3, 6)]
    [InlineData(1, .9, 5)]
    [InlineData(.2, .1, 4)]
    public async Task Sample_GuidanceInterval_TakesTwoRowsInsideOnly(double from, double to, int rows)
    {
        var request = Request(FromNoise("a", 1, Prompt(Boot)));
        (request.Steps, request.Guidance) = (4, 3);
        request.Options = new SamplingOptions { GuidanceFromNoiseLevel = from, GuidanceToNoiseLevel = to };

        var result = await denoiser.SampleOneAsync(request);

        Assert.Equal((4, rows), (result.Nfe, result.NetworkRows));
    }

    [Fact]
    public async Task Sample_GuidanceOutsideOfItsInterval_IsNone()
    {
        var guided = Request(FromNoise("a", 1, Prompt(Boot)));
        guided.Guidance = 3;
        guided.Options = new SamplingOptions { GuidanceFromNoiseLevel = .2, GuidanceToNoiseLevel = .1 };
        var plain = Request(FromNoise("a", 1, Prompt(Boot)));

        Assert.Equal((await denoiser.SampleOneAsync(plain)).Latent, (await denoiser.SampleOneAsync(guided)).Latent);
    }

    [Fact]
    public async Task Sample_GuidanceRescale_ChangesGuidedSamplesAlone()
    {
        var guided = Request(FromNoise("a", 1, Prompt(Boot)));
        guided.Guidance = 3;
        var rescaled = guided.Clone();
        rescaled.Options = new SamplingOptions { GuidanceRescale = .7 };
        var plain = Request(FromNoise("a", 1, Prompt(Boot)));
        var plainRescaled = plain.Clone();
        plainRescaled.Options = rescaled.Options;

        Assert.NotEqual((await denoiser.SampleOneAsync(guided)).Latent, (await denoiser.SampleOneAsync(rescaled)).Latent);
        Assert.Equal((await denoiser.SampleOneAsync(plain)).Latent, (await denoiser.SampleOneAsync(plainRescaled)).Latent);
    }

    // Previews tell where the steps of a sampler stop.
    [Theory]
    [MemberData(nameof(Schedules))]
    public async Task Sample_Schedule_StopsWhereItSays(string schedule)
    {
        var request = Request(FromNoise("a", 1));
        request.Steps = 6;
        request.Options = new SamplingOptions { Schedule = schedule, ResolutionShift = 2 };
        request.Outputs = new SampleOutputs { PreviewEverySteps = 1 };
        var levels = new List<double>();
        using var call = denoiser.Client.Sample(request);
        while (await call.ResponseStream.MoveNext(default))
        {
            if (call.ResponseStream.Current.Preview is { } preview)
            {
                levels.Add(preview.NoiseLevel);
            }
        }

        var grid = Schedule.All[schedule].Grid(Diffusion.Forms.Form.All["linear-flow"], 1, 0, 6, 2);

        Assert.Equal(Enumerable.Range(1, levels.Count).Select(step => grid[step].NoiseLevel), levels);
        Assert.NotEmpty(levels);
    }

    // The start is torch's draw: from a latent that holds it comes the same sample.
    [Fact]
    public async Task Sample_TorchSeed_StartsFromTorchsNormals()
    {
        var values = new float[1024];
        NoiseAddress.Torch(42).Fill(values);
        var drawn = new Trajectory { Id = "a", Noise = new NoiseExpression { Draw = NoiseMapping.ToMessage(NoiseAddress.Torch(42)) } };
        var given = new Trajectory { Id = "a", Latent = TensorMapping.ToMessage(values, 1, 32, 32) };

        var (byAddress, byValue) = (await denoiser.SampleOneAsync(Request(drawn)), await denoiser.SampleOneAsync(Request(given)));

        Assert.Equal(byValue.Latent, byAddress.Latent);

        // torch 1.13: torch.manual_seed(42); torch.randn(1, 32, 32).flatten()[0].
        Assert.Equal(1.92691529, values[0], 1e-6);
    }

    private static SampleRequest With(string sampler, string model, params Trajectory[] trajectories)
    {
        var request = Request(trajectories);
        (request.Sampler, request.Model, request.Steps, request.Guidance) = (sampler, model, 3, 2);
        return request;
    }
}
