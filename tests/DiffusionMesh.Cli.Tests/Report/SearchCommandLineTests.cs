using System.CommandLine;
using DiffusionMesh.Cli.Commands;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Report;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;

namespace DiffusionMesh.Cli.Tests.Report;

public sealed class SearchCommandLineTests
{
    [Fact]
    public void CommandLine_OfAPrompt_NamesAllThatDeterminesTheResult()
    {
        Assert.Equal(
            "dmesh search 'a photo of an ankle boot' --model fashion-flow --algorithm random --budget 1280 --steps 20"
                + " --sampler euler --guidance 2 --verifier clip --seed 0",
            SearchCommandLine.For(SampleSearch.Document().Search.Spec));
    }

    [Fact]
    public void CommandLine_WithAnApostrophe_IsQuotedForTheShell()
    {
        var words = SearchCommandLine.For(SampleSearch.Document(1, "a men's $HOME boot").Search.Spec);

        Assert.Contains(@"'a men'\''s $HOME boot'", words, StringComparison.Ordinal);
    }

    [Fact]
    public void CommandLine_OfEveryOption_NamesThemAll()
    {
        var search = SampleSearch.Create(1, "x", "clip", "other");
        search.Spec.Condition = new Condition { ClassLabel = 1 };
        search.Spec.NegativeCondition = new Condition { Prompt = "sandal" };
        search.Spec.Parameters.Add("round", "8");
        search.Spec.FinalSteps = 50;
        search.Spec.KBest = 3;
        search.Spec.TargetScore = 1.5;
        search.Spec.TorchSeed = 9;
        search.Spec.Sampling = new SamplingOptions
        {
            Eta = .5,
            Schedule = "karras",
            ResolutionShift = 2,
            GuidanceRescale = .25,
            GuidanceFromNoiseLevel = .8,
            GuidanceToNoiseLevel = .2,
        };
        search.Spec.MaxDuration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(2.5));

        var words = SearchCommandLine.For(search.ToDocument(SampleSearch.Mesh()).Search.Spec);

        Assert.Contains("--class 1 ", words, StringComparison.Ordinal);
        Assert.EndsWith(
            "--param round=8 --budget 20 --steps 20 --sampler euler --guidance 2"
                + " --torch-seed 9 --schedule karras --eta 0.5 --resolution-shift 2 --guidance-rescale 0.25 --guidance-interval 0.8,0.2"
                + " --verifier clip --verifier other --seed 0"
                + " --negative sandal --final-steps 50 --k-best 3 --target-score 1.5 --max-seconds 2.5",
            words,
            StringComparison.Ordinal);
    }

    [Fact]
    public void CommandLine_ReadAgain_GivesTheSameSpecification()
    {
        var search = SampleSearch.Create(1, "a men's $HOME boot", "clip", "other", "mine", "judge");
        var spec = search.Spec;
        (spec.Ensemble, spec.StopOnHacking, spec.Seed, spec.KBest, spec.FinalSteps) = ("z-score", true, 12, 2, 40);
        (spec.Verifiers[1].Weight, spec.Verifiers[2].Weight, spec.Verifiers[2].Address) = (0.5, 2, "http://127.0.0.1:5200");
        (spec.Verifiers[3].HeldOut, spec.Verifiers[3].Address) = (true, "dns:///judge:8080");
        spec.Parameters.Add("round_size", "8");
        spec.OnOtherComputeClass = ComputeClassPolicy.Record;
        spec.TargetScore = 1.25;
        spec.TorchSeed = 5;
        spec.Sampling = new SamplingOptions
        {
            Eta = .5,
            Schedule = "karras",
            ResolutionShift = 2,
            GuidanceRescale = .25,
            GuidanceFromNoiseLevel = .8,
            GuidanceToNoiseLevel = .2,
        };
        foreach (var verifier in spec.Verifiers)
        {
            (verifier.OnFailure, verifier.OnReplacement) = (FailurePolicy.Degrade, ReplacementPolicy.Record);
        }

        var words = SearchCommandLine.Words(search.ToDocument(SampleSearch.Mesh()).Search.Spec).Select(Unquote);
        var command = new Command("search");
        var options = new SearchOptions();
        var run = new RunOptions();
        options.AddTo(command);
        run.AddTo(command);
        var parse = command.Parse([.. words.Skip(2)]);
        var again = options.Read(parse, run.Seed(parse)).ToSpec(SampleSearch.Mesh());

        Assert.Empty(parse.Errors);
        (spec.ModelDigest, spec.ComputeClass) = ("", "");
        foreach (var verifier in spec.Verifiers)
        {
            (verifier.Version, verifier.WeightsDigest) = ("", "");
        }

        Assert.Equal(spec, again);
    }

    [Theory]
    [InlineData("--guidance-interval", "0.2,0.8", "the noisier first")]
    [InlineData("--guidance-interval", "1.5,0", "from 1 (noise) to 0 (data)")]
    [InlineData("--guidance-interval", "0.5", "two noise levels")]
    [InlineData("--guidance-interval", "a,b", "not 'a,b'")]
    [InlineData("--eta", "2", "from 0 to 1")]
    [InlineData("--resolution-shift", "0", "from 0.01 to 100")]
    [InlineData("--guidance-rescale", "-1", "from 0 to 1")]
    [InlineData("--torch-seed", "-1", "a whole number")]
    [InlineData("--schedule", " ", "must not be empty")]
    public void CommandLine_BadSamplingOption_SaysWhatWouldBeRight(string option, string value, string says)
    {
        var command = new Command("search");
        new SearchOptions().AddTo(command);

        var error = Assert.Single(command.Parse(["a bag", option, value]).Errors);

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    private static string Unquote(string word) =>
        word.StartsWith('\'') ? word[1..^1].Replace(@"'\''", "'", StringComparison.Ordinal) : word;
}
