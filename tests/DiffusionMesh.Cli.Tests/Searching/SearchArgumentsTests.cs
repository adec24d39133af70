using DiffusionMesh.Cli.Searching;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cli.Tests.Searching;

public sealed class SearchArgumentsTests
{
    [Fact]
    public void Spec_WithoutABudget_AffordsSixtyFourCandidatesOfTheModelsSteps()
    {
        var spec = new SearchArguments { Prompt = "a bag" }.ToSpec(SampleSearch.Mesh());

        Assert.Equal(64 * SampleSearch.Steps, spec.BudgetNfe);
        Assert.Equal("a bag", spec.Condition.Prompt);
        Assert.False(spec.HasGuidance || spec.HasTorchSeed);
        Assert.Null(spec.Sampling);
        Assert.Equal(["clip"], spec.Verifiers.Select(verifier => verifier.Name));
    }

    [Fact]
    public void Spec_WithSteps_AffordsSixtyFourCandidatesOfThose()
    {
        Assert.Equal(640, new SearchArguments { ClassLabel = 0, Steps = 10 }.ToSpec(SampleSearch.Mesh()).BudgetNfe);
    }

    [Fact]
    public void Spec_OfAHugeNumberOfSteps_DoesNotOverflow()
    {
        Assert.Equal(64L * int.MaxValue, new SearchArguments { ClassLabel = 0, Steps = int.MaxValue }.ToSpec(SampleSearch.Mesh()).BudgetNfe);
    }

    [Fact]
    public void Spec_OfEveryArgument_CarriesItOver()
    {
        var spec = new SearchArguments
        {
            ClassLabel = 3,
            Negative = "sandal",
            Model = "m",
            Algorithm = "a",
            Parameters = new Dictionary<string, string> { ["k"] = "v" },
            Seed = 7,
            Budget = 100,
            Steps = 5,
            Guidance = 0,
            Sampler = "heun",
            Verifiers = [new("x", Weight: 2), new("y", "http://host:1", HeldOut: true)],
            Ensemble = "z-score",
            OnVerifierFailure = FailurePolicy.Fail,
            OnVerifierReplacement = ReplacementPolicy.Record,
            StopOnHacking = true,
            KBest = 2,
            TargetScore = 0,
            MaxSeconds = 1.5,
            FinalSteps = 9,
            Priority = Priority.Low,
            OnOtherComputeClass = ComputeClassPolicy.Record,
            TorchSeed = 0,
            Sampling = new SamplingArguments
            {
                Eta = 0,
                Schedule = "karras",
                ResolutionShift = 2,
                GuidanceRescale = .5,
                GuidanceInterval = (.8, .2),
            },
        }.ToSpec(SampleSearch.Mesh());

        Assert.Equal(3, spec.Condition.ClassLabel);
        Assert.Equal("sandal", spec.NegativeCondition.Prompt);
        Assert.Equal(("m", "a", "v", 7UL, 100L), (spec.Model, spec.Algorithm, spec.Parameters["k"], spec.Seed, spec.BudgetNfe));
        Assert.True(spec.HasGuidance && spec.HasTargetScore);
        Assert.Equal((5, "heun", 2, 9), (spec.Steps, spec.Sampler, spec.KBest, spec.FinalSteps));
        Assert.Equal(TimeSpan.FromSeconds(1.5), spec.MaxDuration.ToTimeSpan());
        Assert.Equal((Priority.Low, ComputeClassPolicy.Record), (spec.Priority, spec.OnOtherComputeClass));
        Assert.Equal((true, 0UL), (spec.HasTorchSeed, spec.TorchSeed));
        Assert.Equal(
            new SamplingOptions
            {
                Eta = 0,
                Schedule = "karras",
                ResolutionShift = 2,
                GuidanceRescale = .5,
                GuidanceFromNoiseLevel = .8,
                GuidanceToNoiseLevel = .2,
            },
            spec.Sampling);
        Assert.Equal(("z-score", true), (spec.Ensemble, spec.StopOnHacking));
        Assert.Equal(
            [
                new VerifierSelection { Name = "x", Weight = 2, OnFailure = FailurePolicy.Fail, OnReplacement = ReplacementPolicy.Record },
                new VerifierSelection
                {
                    Name = "y", Address = "http://host:1", HeldOut = true, OnFailure = FailurePolicy.Fail, OnReplacement = ReplacementPolicy.Record,
                },
            ],
            spec.Verifiers);
    }
}
