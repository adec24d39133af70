using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.TensorV1;
using Grpc.Core;
using static DiffusionMesh.Functional.Tests.Denoiser.DenoiserFixture;
using NoiseAddress = DiffusionMesh.Diffusion.Noise.NoiseAddress;

namespace DiffusionMesh.Functional.Tests.Denoiser;

[Collection("denoiser")]
public class SampleTests(DenoiserFixture denoiser)
{
    private static readonly string[] Prompts = ["a photo of an ankle boot", "a photo of a bag", "a photo of a dress"];

    [Fact]
    public async Task Sample_AloneOrInABatch_GivesTheSameBits()
    {
        var all = Enumerable.Range(0, 32).Select(i => Varied((uint)i)).ToArray();
        var alone = new Dictionary<string, Tensor>();
        foreach (var trajectory in all)
        {
            alone[trajectory.Id] = (await denoiser.SampleOneAsync(Request(trajectory))).Latent;
        }

        foreach (var size in new[] { 2, 7, 32 })
        {
            // Every trajectory of the batch comes to stand at every position.
            for (var turn = 0; turn < size; turn++)
            {
                var batch = await denoiser.SampleAsync(Request([.. all[turn..size], .. all[..turn]]));
                Assert.Equal(size, batch.Count);
                Assert.All(batch, result => Assert.Equal(alone[result.Key], result.Value.Latent));
            }
        }
    }

    [Theory]
    [InlineData("euler")]
    [InlineData("heun")]
    public async Task Sample_CutAtHalfTime_GivesTheBitsOfTheWhole(string sampler)
    {
        var whole = Request(FromNoise("a", 1, Prompt(Prompts[0])));
        (whole.Sampler, whole.Steps, whole.Guidance) = (sampler, 8, 2);
        var first = whole.Clone();
        (first.Steps, first.ToNoiseLevel) = (4, .5);

        var expected = await denoiser.SampleOneAsync(whole);
        var half = await denoiser.SampleOneAsync(first);
        var second = Request(new Trajectory { Id = "a", Latent = half.Latent, Condition = Prompt(Prompts[0]) });
        (second.Sampler, second.Steps, second.Guidance, second.FromNoiseLevel) = (sampler, 4, 2, .5);
        var end = await denoiser.SampleOneAsync(second);

        Assert.Equal(expected.Latent, end.Latent);
        Assert.Equal(expected.Nfe, half.Nfe + end.Nfe);
    }

    [Theory]
    [InlineData("euler", 5, 0, 5)]
    [InlineData("euler", 5, .5, 5)]
    [InlineData("heun", 5, 0, 9)]
    [InlineData("heun", 5, .5, 10)]
    public async Task Sample_Sampler_ReportsItsNfe(string sampler, int steps, double to, int nfe)
    {
        var request = Request(FromNoise("a", 0));
        (request.Sampler, request.Steps, request.ToNoiseLevel) = (sampler, steps, to);

        var result = await denoiser.SampleOneAsync(request);

        Assert.Equal((nfe, nfe), (result.Nfe, result.NetworkRows));
    }

    [Fact]
    public async Task Sample_Guidance_TakesTwoRowsOnlyWhereItSteers()
    {
        var request = Request(
            FromNoise("prompt", 0, Prompt(Prompts[0])),
            FromNoise("none", 0),
            FromNoise("class", 0, new Condition { ClassLabel = 3 }));
        var away = FromNoise("away", 0);
        away.NegativeCondition = Prompt(Prompts[1]);
        var itself = FromNoise("itself", 0, Prompt(Prompts[0]));
        itself.NegativeCondition = Prompt(Prompts[0]);
        request.Trajectories.Add([away, itself]);
        request.Guidance = 2;

        var results = await denoiser.SampleAsync(request);

        Assert.All(results.Values, result => Assert.Equal(2, result.Nfe));
        Assert.Equal(
            new Dictionary<string, int> { ["away"] = 4, ["class"] = 4, ["itself"] = 2, ["none"] = 2, ["prompt"] = 4 },
            results.ToDictionary(result => result.Key, result => result.Value.NetworkRows));
        Assert.Equal(5, results.Values.Select(result => result.Latent).Distinct().Count());
    }

    [Fact]
    public async Task Sample_NothingSaid_TakesTheModelsDefaults()
    {
        var model = (await denoiser.Client.GetModelAsync(new GetModelRequest { Name = ModelName })).Model;
        var request = new SampleRequest { Model = ModelName, Trajectories = { FromNoise("a", 0, Prompt(Prompts[0])) } };

        var result = await denoiser.SampleOneAsync(request);

        Assert.Equal(model.Defaults.Steps, result.Nfe);
        Assert.Equal(model.Defaults.Steps * (model.Defaults.Guidance == 1 ? 1 : 2), result.NetworkRows);
        Assert.Equal([1, 32, 32], result.Latent.Shape);
        Assert.Null(result.Image);
    }

    [Fact]
    public async Task Sample_Image_IsTheDecodedLatent()
    {
        var request = Request(FromNoise("a", 0));
        request.Outputs = new SampleOutputs { Latent = true, Image = true };

        var result = await denoiser.SampleOneAsync(request);
        var decoded = await denoiser.Client.DecodeAsync(new DecodeRequest { Model = ModelName, Latents = { result.Latent } });

        Assert.Equal(1, result.Decodes);
        Assert.Equal([32, 32, 1], result.Image.Shape);
        Assert.Equal(decoded.Images.Single(), result.Image);
        var (values, pixels) = (Values(result.Latent), result.Image.Data.Span.ToArray());
        Assert.Equal(values.Select(v => (byte)Math.Clamp(Math.Round((v + 1.0) / 2 * 255), 0, 255)), pixels);
    }

    [Fact]
    public async Task Sample_XPredictions_AreThoseOfTheFirstEvaluationAtOrBelowTheLevel()
    {
        var request = Request(FromNoise("a", 0));
        request.Steps = 5;
        request.Outputs = new SampleOutputs { XPredictionNoiseLevels = { .4, 1, .5, 0 }, XPredictionImages = true };

        var result = await denoiser.SampleOneAsync(request);

        Assert.Equal([.4, 1, .5, 0], result.XPredictions.Select(prediction => prediction.RequestedNoiseLevel));
        Assert.Equal([.4, 1, .4, .2], result.XPredictions.Select(prediction => Math.Round(prediction.NoiseLevel, 12)));
        Assert.All(result.XPredictions, prediction => Assert.Equal([32, 32, 1], prediction.Image.Shape));
        Assert.Equal((5, 4), (result.Nfe, result.Decodes));
        Assert.Null(result.Latent);

        // The last Euler step ends at the x-prediction itself, but for rounding.
        request.Outputs = null;
        var end = Values((await denoiser.SampleOneAsync(request)).Latent);
        Assert.All(end.Zip(Values(result.XPredictions[3].Latent)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public async Task Sample_ImageOfAnUnfinishedSegment_IsOfTheLastXPrediction()
    {
        var request = Request(FromNoise("a", 0));
        request.ToNoiseLevel = .5;
        request.Outputs = new SampleOutputs { Image = true, XPredictionNoiseLevels = { 0 }, XPredictionImages = true };

        var result = await denoiser.SampleOneAsync(request);

        Assert.Equal(result.XPredictions.Single().Image, result.Image);
    }

    [Fact]
    public async Task Sample_NoiseBelowPureNoise_IsScaledToTheLevel()
    {
        var noise = new float[1024];
        NoiseAddress.Of(7, 0).Fill(noise);
        var scaled = TensorMapping.ToMessage(noise.Select(v => (float)(.5 * v)).ToArray(), 1, 32, 32);
        var (byAddress, byLatent) = (Request(FromNoise("a", 0)), Request(new Trajectory { Id = "a", Latent = scaled }));
        (byAddress.FromNoiseLevel, byLatent.FromNoiseLevel) = (.5, .5);

        Assert.Equal((await denoiser.SampleOneAsync(byLatent)).Latent, (await denoiser.SampleOneAsync(byAddress)).Latent);
    }

    [Fact]
    public async Task Sample_RotationAndRenoise_AreWhatTheirFormulasSay()
    {
        // cosine -1 turns noise around; re-noising data to pure noise leaves the draw alone.
        var turned = FromNoise("a", 0);
        turned.Noise.Rotations.Add(new Rotation { Toward = NoiseMapping.ToMessage(NoiseAddress.Of(7, 1)), Cosine = -1 });
        var noise = new float[1024];
        NoiseAddress.Of(7, 0).Fill(noise);
        var negated = TensorMapping.ToMessage(noise.Select(v => -v).ToArray(), 1, 32, 32);
        var data = TensorMapping.ToMessage(new float[1024], 1, 32, 32);
        var renoised = new Trajectory { Id = "c", Renoise = new Renoise { Latent = data, NoiseLevel = 0, Draw = NoiseMapping.ToMessage(NoiseAddress.Of(7, 0)) } };

        var renoisedTurned = new Trajectory(renoised) { Id = "e" };
        renoisedTurned.Renoise.Rotations.Add(turned.Noise.Rotations);

        var results = await denoiser.SampleAsync(
            Request(turned, new Trajectory { Id = "b", Latent = negated }, renoised, FromNoise("d", 0), renoisedTurned));

        Assert.Equal(results["b"].Latent, results["a"].Latent);
        Assert.Equal(results["d"].Latent, results["c"].Latent);
        Assert.Equal(results["a"].Latent, results["e"].Latent);
    }

    [Fact]
    public async Task Sample_AnotherSize_IsSampledBesideTheTrainedOne()
    {
        var large = TensorMapping.ToMessage(new float[48 * 40], 1, 48, 40);
        var request = Request(new Trajectory { Id = "large", Latent = large }, FromNoise("trained", 0));
        request.Outputs = new SampleOutputs { Image = true };

        var results = await denoiser.SampleAsync(request);

        Assert.Equal([48, 40, 1], results["large"].Image.Shape);
        Assert.Equal([32, 32, 1], results["trained"].Image.Shape);
    }

    [Fact]
    public async Task Sample_ThatOverflows_IsRefusedInsteadOfAnswered()
    {
        var absurd = TensorMapping.ToMessage(Enumerable.Repeat(3e38f, 1024).ToArray(), 1, 32, 32);
        var request = Request(new Trajectory { Id = "absurd", Latent = absurd, Condition = Prompt(Prompts[0]) });
        request.Guidance = 100;

        var error = await Assert.ThrowsAsync<RpcException>(() => denoiser.SampleOneAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("'absurd' overflowed on the way", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_Previews_ComeBeforeTheResult()
    {
        var request = Request(FromNoise("a", 0));
        (request.Steps, request.Outputs) = (6, new SampleOutputs { PreviewEverySteps = 2 });
        using var call = denoiser.Client.Sample(request);

        var responses = await call.ResponseStream.ReadAllAsync().ToListAsync();

        Assert.Equal([2, 4, 0], responses.Select(response => response.Preview?.Step ?? 0));
        Assert.All(responses.Take(2), response => Assert.Equal([32, 32, 1], response.Preview.Image.Shape));
        Assert.Equal([.667, .333], responses.Take(2).Select(response => Math.Round(response.Preview.NoiseLevel, 3)));
        Assert.Equal(6, responses[2].Result.Nfe);
    }

    private static Trajectory Varied(uint i) => FromNoise($"t{i}", i, (i % 4) switch
    {
        0 => null,
        1 => new Condition { ClassLabel = (int)(i % 10) },
        _ => Prompt(Prompts[i % 3]),
    });

    private static float[] Values(Tensor tensor)
    {
        var values = new float[tensor.Data.Length / sizeof(float)];
        TensorMapping.CopyTo(tensor, values);
        return values;
    }
}
