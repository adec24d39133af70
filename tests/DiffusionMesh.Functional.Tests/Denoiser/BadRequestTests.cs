using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.TensorV1;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using static DiffusionMesh.Functional.Tests.Denoiser.DenoiserFixture;

namespace DiffusionMesh.Functional.Tests.Denoiser;

[Collection("denoiser")]
public class BadRequestTests(DenoiserFixture denoiser)
{
    private static readonly Dictionary<string, (Action<SampleRequest> Spoil, string Field, string Description)> Cases = new()
    {
        ["unknown words"] = (r => r.Trajectories[0].Condition = Prompt("a photo of an ankle bootx on zorblax"), "trajectories[0].condition.prompt", "does not know: 'bootx' (near known words: "),
        ["empty prompt"] = (r => r.Trajectories[0].Condition = Prompt("  "), "trajectories[0].condition.prompt", "is empty"),
        ["prompt without words"] = (r => r.Trajectories[0].Condition = Prompt("?!"), "trajectories[0].condition.prompt", "has no words"),
        ["prompt too long"] = (r => r.Trajectories[0].Condition = Prompt(string.Concat(Enumerable.Repeat("boot ", 500))), "trajectories[0].condition.prompt", "has 500 words"),
        ["prompt far too long"] = (r => r.Trajectories[0].Condition = Prompt(new string('a', 100_000)), "trajectories[0].condition.prompt", "has 100000 characters"),
        ["negative prompt unknown"] = (r => r.Trajectories[0].NegativeCondition = Prompt("zorblax"), "trajectories[0].negative_condition.prompt", "'zorblax'"),
        ["class too large"] = (r => r.Trajectories[0].Condition = new Condition { ClassLabel = 10 }, "trajectories[0].condition.class_label", "is 10; this model knows the classes 0 to 9"),
        ["class negative"] = (r => r.Trajectories[0].Condition = new Condition { ClassLabel = -1 }, "trajectories[0].condition.class_label", "is -1"),
        ["no trajectory"] = (r => r.Trajectories.Clear(), "trajectories", "has 0 elements; send 1 to 1024"),
        ["too many trajectories"] = (r => r.Trajectories.Add(Enumerable.Repeat(FromNoise("b", 0), 2000)), "trajectories", "has 2001 elements"),
        ["same identifier twice"] = (r => r.Trajectories.Add(FromNoise("a", 1)), "trajectories[1].id", "is 'a', like another's"),
        ["unknown sampler"] = (r => r.Sampler = "magic", "sampler", "there is no sampler 'magic'; known: amed, ddim, ddpm, dpmpp-2m, dpmpp-2m-sde, euler, euler-ancestral, heun"),
        ["negative steps"] = (r => r.Steps = -1, "steps", "is -1; it must lie in 1 to 1000"),
        ["huge steps"] = (r => r.Steps = int.MaxValue, "steps", "it must lie in 1 to 1000"),
        ["guidance not a number"] = (r => r.Guidance = double.NaN, "guidance", "is NaN"),
        ["guidance infinite"] = (r => r.Guidance = double.PositiveInfinity, "guidance", "it must lie in -100 to 100"),
        ["eta of a sampler without one"] = (r => r.Options = new SamplingOptions { Eta = 0 }, "options.eta", "take one of ddim, ddpm, dpmpp-2m-sde, euler-ancestral"),
        ["eta out of range"] = (r => (r.Sampler, r.Options) = ("ddim", new SamplingOptions { Eta = 1.5 }), "options.eta", "is 1.5; it must lie in 0 to 1"),
        ["eta not a number"] = (r => (r.Sampler, r.Options) = ("ddim", new SamplingOptions { Eta = double.NaN }), "options.eta", "is NaN"),
        ["unknown schedule"] = (r => r.Options = new SamplingOptions { Schedule = "magic" }, "options.schedule", "there is no schedule 'magic'; known: ddpm-leading, ddpm-trailing, karras"),
        ["no resolution"] = (r => r.Options = new SamplingOptions { ResolutionShift = 0 }, "options.resolution_shift", "is 0; it must lie in 0.01 to 100"),
        ["rescale out of range"] = (r => r.Options = new SamplingOptions { GuidanceRescale = 1.1 }, "options.guidance_rescale", "is 1.1; it must lie in 0 to 1"),
        ["guidance from above 1"] = (r => r.Options = new SamplingOptions { GuidanceFromNoiseLevel = 2 }, "options.guidance_from_noise_level", "is 2"),
        ["guidance interval the wrong way round"] = (r => r.Options = new SamplingOptions { GuidanceFromNoiseLevel = .2, GuidanceToNoiseLevel = .3 }, "options.guidance_to_noise_level", "is 0.3; it must lie in 0 to guidance_from_noise_level, 0.2"),
        ["latent without noise for the steps"] = (r => { r.Sampler = "ddpm"; r.Trajectories[0].Latent = TensorMapping.ToMessage(new float[1024], 1, 32, 32); }, "trajectories[0].sampler_noise", "is required: the steps of sampler 'ddpm' draw noise"),
        ["torch seed with a lineage"] = (r => r.Trajectories[0].Noise.Draw.Generator = NoiseGenerator.TorchCpu, "trajectories[0].noise.draw.lineage", "must be empty for NOISE_GENERATOR_TORCH_CPU"),
        ["unknown generator"] = (r => r.Trajectories[0].Noise.Draw.Generator = (NoiseGenerator)9, "trajectories[0].noise.draw.generator", "is 9"),
        ["from level above 1"] = (r => r.FromNoiseLevel = 1.5, "from_noise_level", "is 1.5"),
        ["from level not a number"] = (r => r.FromNoiseLevel = double.NaN, "from_noise_level", "is NaN"),
        ["to level not below from"] = (r => r.ToNoiseLevel = 1, "to_noise_level", "it must lie in 0 to below from_noise_level, 1"),
        ["to level not a number"] = (r => r.ToNoiseLevel = double.NaN, "to_noise_level", "is NaN"),
        ["no start"] = (r => r.Trajectories[0].ClearStart(), "trajectories[0].start", "is required; give noise, latent or renoise"),
        ["noise without draw"] = (r => r.Trajectories[0].Noise.Draw = null, "trajectories[0].noise.draw", "is required"),
        ["too many rotations"] = (r => r.Trajectories[0].Noise.Rotations.Add(Enumerable.Repeat(Rotation(.9), 300)), "trajectories[0].noise.rotations", "has 300 elements; at most 256"),
        ["too many rotations of a renoise"] = (r => { Renoise(r, 0, from: .5); r.Trajectories[0].Renoise.Rotations.Add(Enumerable.Repeat(Rotation(.9), 300)); }, "trajectories[0].renoise.rotations", "has 300 elements; at most 256"),
        ["cosine out of range"] = (r => r.Trajectories[0].Noise.Rotations.Add(Rotation(1.1)), "trajectories[0].noise.rotations[0].cosine", "is 1.1"),
        ["latent with too few bytes"] = (r => r.Trajectories[0].Latent = Latent(100, 1, 32, 32), "trajectories[0].latent.data", "has 100 bytes"),
        ["latent with a huge shape"] = (r => r.Trajectories[0].Latent = Latent(16, 1, 1 << 20, 1 << 20), "trajectories[0].latent.shape", "every dimension must be at least 1, and at most 65536 elements"),
        ["latent with an overflowing shape"] = (r => r.Trajectories[0].Latent = Latent(0, long.MaxValue, long.MaxValue, 4), "trajectories[0].latent.shape", "at most 65536 elements"),
        ["latent with three channels"] = (r => r.Trajectories[0].Latent = Latent(3 * 4096, 3, 32, 32), "trajectories[0].latent.shape", "send [1, H, W] with H and W in multiples of 8"),
        ["latent of an odd size"] = (r => r.Trajectories[0].Latent = Latent(4 * 33 * 32, 1, 33, 32), "trajectories[0].latent.shape", "multiples of 8"),
        ["latent of bytes"] = (r => r.Trajectories[0].Latent = new Tensor { DataType = DataType.Uint8, Shape = { 1, 32, 32 } }, "trajectories[0].latent.data_type", "send Fp32"),
        ["latent not finite"] = (r => r.Trajectories[0].Latent = TensorMapping.ToMessage(Enumerable.Repeat(float.NaN, 1024).ToArray(), 1, 32, 32), "trajectories[0].latent.data", "not finite"),
        ["renoise from a noisier level"] = (r => Renoise(r, .9, from: .5), "trajectories[0].renoise.noise_level", "is 0.9; it must lie in 0 to from_noise_level, 0.5"),
        ["renoise without latent"] = (r => r.Trajectories[0].Renoise = new Renoise(), "trajectories[0].renoise.latent", "is required"),
        ["x-prediction level out of range"] = (r => r.Outputs = new SampleOutputs { XPredictionNoiseLevels = { 2 } }, "outputs.x_prediction_noise_levels[0]", "is 2"),
        ["too many x-predictions"] = (r => r.Outputs = new SampleOutputs { XPredictionNoiseLevels = { new double[100] } }, "outputs.x_prediction_noise_levels", "has 100 elements"),
        ["negative preview interval"] = (r => r.Outputs = new SampleOutputs { PreviewEverySteps = -1 }, "outputs.preview_every_steps", "is -1"),
        ["model left out"] = (r => r.Model = "", "model", "is required; known models: fashion-flow"),
    };

    public static TheoryData<string> Names => new(Cases.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Sample_BadInput_NamesTheField(string name)
    {
        var (spoil, field, description) = Cases[name];
        var request = Request(FromNoise("a", 0, Prompt("a photo of a bag")));
        spoil(request);

        foreach (var validateOnly in new[] { true, false })
        {
            request.ValidateOnly = validateOnly;
            var error = await Assert.ThrowsAsync<RpcException>(() => denoiser.SampleAsync(request));

            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            var violation = RpcErrors.Detail<BadRequest>(error)!.FieldViolations[0];
            Assert.Equal(field, violation.Field);
            Assert.Contains(description, violation.Description, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Sample_UnknownModel_ListsTheKnown()
    {
        var request = Request(FromNoise("a", 0));
        request.Model = "sdxl";

        var error = await Assert.ThrowsAsync<RpcException>(() => denoiser.SampleAsync(request));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Contains("known: fashion-flow", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_SeveralBadFields_NamesAll()
    {
        var request = Request(FromNoise("a", 0, Prompt("zorblax")), FromNoise("a", 0));
        (request.Steps, request.Guidance) = (-3, double.NaN);

        var error = await Assert.ThrowsAsync<RpcException>(() => denoiser.SampleAsync(request));

        Assert.Equal(
            ["guidance", "steps", "trajectories[0].condition.prompt", "trajectories[1].id"],
            RpcErrors.Detail<BadRequest>(error)!.FieldViolations.Select(violation => violation.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Sample_ThousandBadTrajectories_AnswersWithSomeOfThem()
    {
        var request = Request([.. Enumerable.Range(0, 1000).Select(i => FromNoise($"t{i}", 0, Prompt("zorblax")))]);

        var error = await Assert.ThrowsAsync<RpcException>(() => denoiser.SampleAsync(request));

        Assert.InRange(RpcErrors.Detail<BadRequest>(error)!.FieldViolations.Count, 10, 40);
    }

    [Fact]
    public async Task Sample_MorePredictionsThanAreKept_NamesTheField()
    {
        var latent = TensorMapping.ToMessage(new float[256 * 256], 1, 256, 256);
        var request = Request([.. Enumerable.Range(0, 70).Select(i => new Trajectory { Id = $"{i}", Latent = latent })]);
        request.ValidateOnly = true;
        request.Outputs = new SampleOutputs { XPredictionNoiseLevels = { Enumerable.Repeat(.5, 64) } };

        var error = await Assert.ThrowsAsync<RpcException>(() => denoiser.SampleAsync(request));

        Assert.Contains("outputs.x_prediction_noise_levels: would have 1174405120 bytes of predictions kept", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_ValidateOnly_EvaluatesNothing()
    {
        var request = Request(FromNoise("a", 0, Prompt("a photo of a bag")));
        request.ValidateOnly = true;
        await denoiser.IdleAsync();
        var ticks = denoiser.Engine.Ticks;

        Assert.Empty(await denoiser.SampleAsync(request));

        Assert.Equal(ticks, denoiser.Engine.Ticks);
    }

    [Fact]
    public async Task Decode_BadLatents_NamesEach()
    {
        var request = new DecodeRequest { Model = ModelName, Latents = { Latent(4096, 1, 32, 32), Latent(12, 1, 32, 32), Latent(12, 3) } };

        var error = await Assert.ThrowsAsync<RpcException>(async () => await denoiser.Client.DecodeAsync(request));

        Assert.Equal(["latents[1].data", "latents[2].shape"], RpcErrors.Detail<BadRequest>(error)!.FieldViolations.Select(violation => violation.Field));
    }

    private static Rotation Rotation(double cosine) => new() { Toward = new NoiseAddress { Seed = 1 }, Cosine = cosine };

    private static Tensor Latent(int bytes, params long[] shape) =>
        new() { DataType = DataType.Fp32, Shape = { shape }, Data = ByteString.CopyFrom(new byte[bytes]) };

    private static void Renoise(SampleRequest request, double level, double from)
    {
        request.FromNoiseLevel = from;
        request.Trajectories[0].Renoise = new Renoise { Latent = Latent(4096, 1, 32, 32), NoiseLevel = level, Draw = new NoiseAddress() };
    }
}
