using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Report;
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
        search.Spec.MaxDuration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(2.5));

        var words = SearchCommandLine.For(search.ToDocument(SampleSearch.Mesh()).Search.Spec);

        Assert.Contains("--class 1 ", words, StringComparison.Ordinal);
        Assert.EndsWith(
            "--param round=8 --budget 20 --steps 20 --sampler euler --guidance 2 --verifier clip --verifier other --seed 0"
                + " --negative sandal --final-steps 50 --k-best 3 --target-score 1.5 --max-seconds 2.5",
            words,
            StringComparison.Ordinal);
    }
}
