using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using StatusCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Specifications that cannot run are refused before anything is paid, with the field and what would be right.</summary>
[Collection("denoiser")]
public sealed class BadSearchTests(RealMesh real) : IClassFixture<RealMesh>
{
    private static readonly Dictionary<string, (Action<SearchSpec> Spoil, string Field, string Says)> Cases = new()
    {
        ["no condition"] = (spec => spec.Condition = null, "spec.condition", "is required"),
        ["empty prompt"] = (spec => spec.Condition.Prompt = " ", "spec.condition.prompt", "is empty"),
        ["unknown word"] = (spec => spec.Condition.Prompt = "a photo of a frobnicator", "spec.condition.prompt", "frobnicator"),
        ["unknown word in negative"] = (spec => spec.NegativeCondition = new() { Prompt = "frobnicator" }, "spec.negative_condition.prompt", "frobnicator"),
        ["class above range"] = (spec => spec.Condition.ClassLabel = 10, "spec.condition.class_label", "is 10"),
        ["class below range"] = (spec => spec.Condition.ClassLabel = -1, "spec.condition.class_label", "is -1"),
        ["unknown model"] = (spec => spec.Model = "sdxl", "spec.model", "known: fashion-flow"),
        ["unknown algorithm"] = (spec => spec.Algorithm = "magic", "spec.algorithm", "random"),
        ["unknown parameter"] = (spec => spec.Parameters["magic"] = "1", "spec.parameters[magic]", "known: candidates, round_size"),
        ["bad parameter"] = (spec => spec.Parameters["round_size"] = "0", "spec.parameters[round_size]", "from 1 to 4096"),
        ["parameters that do not go together"] = (spec => SearchPaths(spec, "0.7"), "spec.parameters[delta_b]", "must be more than 'delta_f', 0.78"),
        ["unknown sampler"] = (spec => spec.Sampler = "magic", "spec.sampler", "known: amed, ddim"),
        ["eta of a sampler without one"] = (spec => spec.Sampling = new SamplingOptions { Eta = 1 }, "spec.sampling.eta", "the steps of sampler 'euler' draw no noise"),
        ["unknown schedule"] = (spec => spec.Sampling = new SamplingOptions { Schedule = "magic" }, "spec.sampling.schedule", "known: ddpm-leading, ddpm-trailing"),
        ["rescale out of range"] = (spec => spec.Sampling = new SamplingOptions { GuidanceRescale = -1 }, "spec.sampling.guidance_rescale", "is -1"),
        ["guidance interval the wrong way round"] = (spec => spec.Sampling = new SamplingOptions { GuidanceToNoiseLevel = 2 }, "spec.sampling.guidance_to_noise_level", "is 2"),
        ["negative steps"] = (spec => spec.Steps = -1, "spec.steps", "is -1"),
        ["huge steps"] = (spec => spec.Steps = int.MaxValue, "spec.steps", "is 2147483647"),
        ["huge final steps"] = (spec => spec.FinalSteps = 1001, "spec.final_steps", "is 1001"),
        ["guidance not a number"] = (spec => spec.Guidance = double.NaN, "spec.guidance", "finite"),
        ["no budget"] = (spec => spec.BudgetNfe = 0, "spec.budget_nfe", "is 0"),
        ["negative budget"] = (spec => spec.BudgetNfe = -1, "spec.budget_nfe", "is -1"),
        ["budget below one candidate"] = (spec => spec.BudgetNfe = 2, "spec.budget_nfe", "it costs 3 NFE (euler, 3 steps)"),
        ["huge budget"] = (spec => spec.BudgetNfe = long.MaxValue, "spec.budget_nfe", "[1, 10000000]"),
        ["too many candidates"] = (spec => spec.BudgetNfe = 9_999_999, "spec.budget_nfe", "at most 20000 are accepted"),
        ["no verifier"] = (spec => spec.Verifiers.Clear(), "spec.verifiers", "known: clip"),
        ["unknown verifier"] = (spec => spec.Verifiers[0].Name = "dino", "spec.verifiers[0].name", "known: clip"),
        ["verifier twice"] = (spec => spec.Verifiers.Add(spec.Verifiers[0].Clone()), "spec.verifiers[1].name", "twice"),
        ["too many verifiers"] = (spec => spec.Verifiers.Add(Enumerable.Repeat(spec.Verifiers[0], 16)), "spec.verifiers", "at most 16"),
        ["negative weight"] = (spec => spec.Verifiers[0].Weight = -1, "spec.verifiers[0].weight", "is -1"),
        ["bad address"] = (spec => spec.Verifiers[0].Address = "nowhere", "spec.verifiers[0].address", "dns:///"),
        ["nobody at the address"] = (spec => spec.Verifiers[0].Address = "http://127.0.0.1:1", "spec.verifiers[0].address", "does not answer"),
        ["weight of a held-out verifier"] = (spec => (spec.Verifiers[0].HeldOut, spec.Verifiers[0].Weight) = (true, 2), "spec.verifiers[0].weight", "leave the weight out"),
        ["only held-out verifiers"] = (spec => spec.Verifiers[0].HeldOut = true, "spec.verifiers", "at least one that selects"),
        ["stop on hacking without a judge"] = (spec => spec.StopOnHacking = true, "spec.stop_on_hacking", "held_out"),
        ["unknown ensemble"] = (spec => spec.Ensemble = "vote", "spec.ensemble", "known: rank, z-score"),
        ["degrade to nobody"] = (spec => spec.Verifiers[0].OnFailure = FailurePolicy.Degrade, "spec.verifiers[0].on_failure", "use EXCLUDE or FAIL"),
        ["unknown failure policy"] = (spec => spec.Verifiers[0].OnFailure = (FailurePolicy)9, "spec.verifiers[0].on_failure", "known: EXCLUDE, DEGRADE, FAIL"),
        ["unknown compute class policy"] = (spec => spec.OnOtherComputeClass = (ComputeClassPolicy)9, "spec.on_other_compute_class", "known: REFUSE, RECORD"),
        ["unknown replacement policy"] = (spec => spec.Verifiers[0].OnReplacement = (ReplacementPolicy)9, "spec.verifiers[0].on_replacement", "known: REFUSE, RECORD"),
        ["unknown priority"] = (spec => spec.Priority = (Priority)9, "spec.priority", "known: HIGH, NORMAL, LOW"),
        ["negative k"] = (spec => spec.KBest = -1, "spec.k_best", "is -1"),
        ["target not a number"] = (spec => spec.TargetScore = double.NegativeInfinity, "spec.target_score", "finite"),
        ["no time"] = (spec => spec.MaxDuration = new Duration(), "spec.max_duration", "is 0 s"),
        ["time out of range"] = (spec => spec.MaxDuration = new Duration { Seconds = long.MaxValue }, "spec.max_duration", "365 days"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task CreateSearch_BadSpecification_IsRefusedByField(string name)
    {
        var (spoil, field, says) = Cases[name];
        var spec = RealMesh.Spec();
        spoil(spec);

        var error = await Assert.ThrowsAsync<RpcException>(() => real.Mesh.CreateAsync(spec));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var violation = Assert.Single(RpcErrors.Detail<BadRequest>(error)!.FieldViolations, violation => violation.Field == field);
        Assert.Contains(says, violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateSearch_EnsembleThatTheVerifiersCannotServe_IsRefusedByField()
    {
        var verifiers = new Dictionary<string, ScriptedVerifier> { ["one"] = new(), ["two"] = new() };
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), verifiers);
        var scores = OrchestratorMesh.Spec(new VerifierSelection { Name = "one" }, new VerifierSelection { Name = "two" });
        var target = scores.Clone();
        (scores.Ensemble, target.TargetScore) = ("z-score", 1);

        var unscaled = await Assert.ThrowsAsync<RpcException>(() => mesh.CreateAsync(scores));
        var unreachable = await Assert.ThrowsAsync<RpcException>(() => mesh.CreateAsync(target));

        Assert.Equal((StatusCode.InvalidArgument, StatusCode.InvalidArgument), (unscaled.StatusCode, unreachable.StatusCode));
        Assert.Contains("spec.ensemble: 'z-score' needs the mean and standard deviation", unscaled.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("verifier 'two'", unscaled.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("spec.target_score: cannot be reached under the ensemble 'rank'", unreachable.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateSearch_ManyThingsWrong_HearsThemAllAtOnce()
    {
        var spec = new SearchSpec { Algorithm = "magic", KBest = -1, Sampler = "magic" };

        var error = await Assert.ThrowsAsync<RpcException>(() => real.Mesh.CreateAsync(spec));

        Assert.Equal(
            ["spec.algorithm", "spec.budget_nfe", "spec.condition", "spec.k_best", "spec.sampler", "spec.verifiers"],
            RpcErrors.Detail<BadRequest>(error)!.FieldViolations.Select(violation => violation.Field).Order());
    }

    [Fact]
    public async Task CreateSearch_NoSpecificationOrLongRequestId_IsRefused()
    {
        var none = await Assert.ThrowsAsync<RpcException>(async () => await real.Mesh.Client.CreateSearchAsync(new CreateSearchRequest()));
        var longId = await Assert.ThrowsAsync<RpcException>(() => real.Mesh.CreateAsync(RealMesh.Spec(), new string('x', 129)));

        Assert.Equal((StatusCode.InvalidArgument, "spec: is required"), (none.StatusCode, none.Status.Detail));
        Assert.Equal(StatusCode.InvalidArgument, longId.StatusCode);
    }

    [Theory]
    [InlineData("MODEL_DIGEST_MISMATCH")]
    [InlineData("COMPUTE_CLASS_MISMATCH")]
    [InlineData("WEIGHTS_DIGEST_MISMATCH")]
    public async Task CreateSearch_OtherThanPinned_IsRefused(string reason)
    {
        var spec = RealMesh.Spec();
        switch (reason)
        {
            case "MODEL_DIGEST_MISMATCH":
                spec.ModelDigest = "sha256:other";
                break;
            case "COMPUTE_CLASS_MISMATCH":
                spec.ComputeClass = "other";
                break;
            default:
                spec.Verifiers[0].WeightsDigest = "sha256:other";
                break;
        }

        var error = await Assert.ThrowsAsync<RpcException>(() => real.Mesh.CreateAsync(spec));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal(reason, RpcErrors.Detail<ErrorInfo>(error)!.Reason);
    }

    [Fact]
    public async Task CreateSearch_Refused_PaysNothing()
    {
        var denoiser = new ScriptedDenoiser();
        await using var mesh = await OrchestratorMesh.StartAsync(denoiser, new ScriptedVerifier());
        var spec = OrchestratorMesh.Spec();
        spec.KBest = -1;

        await Assert.ThrowsAsync<RpcException>(() => mesh.CreateAsync(spec));

        Assert.Empty(denoiser.Requests);
        Assert.Empty((await mesh.Client.ListSearchesAsync(new ListSearchesRequest())).Searches);
    }

    [Fact]
    public async Task CreateSearch_DenoiserOrVerifierDown_IsUnavailable()
    {
        var down = new Uri("http://127.0.0.1:1");
        await using var noDenoiser = await OrchestratorMesh.StartAsync(down, [("clip", real.Verifier.Address)], []);
        await using var noVerifier = await OrchestratorMesh.StartAsync(real.Denoiser.Address, [("clip", down)], []);

        foreach (var mesh in new[] { noDenoiser, noVerifier })
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => mesh.CreateAsync(RealMesh.Spec()));
            Assert.Equal(StatusCode.Unavailable, error.StatusCode);
            Assert.Contains("http://127.0.0.1:1", error.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--Orchestrator:Parallelism=0")]
    [InlineData("--Orchestrator:Denoiser=nowhere")]
    [InlineData("--Orchestrator:Verifiers:clip=nowhere")]
    public async Task Host_BadConfiguration_DoesNotStart(string argument)
    {
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => OrchestratorMesh.StartAsync(real.Denoiser.Address, [], [argument]));
    }

    private static void SearchPaths(SearchSpec spec, string deltaB)
    {
        spec.Algorithm = "paths";
        spec.Parameters.Clear();
        spec.Parameters["delta_b"] = deltaB;
    }
}
