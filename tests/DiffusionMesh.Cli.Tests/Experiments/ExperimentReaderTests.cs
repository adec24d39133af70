using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Experiments.Definition;

namespace DiffusionMesh.Cli.Tests.Experiments;

public sealed class ExperimentReaderTests
{
    public static TheoryData<string> Shipped => [.. Directory.GetFiles(Path.Combine(Root(), "experiments"), "*.yaml")];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Read_OfAnExperimentThatIsShipped_Succeeds(string file)
    {
        var experiment = ExperimentReader.Read(file);

        Assert.Equal(Path.GetFileNameWithoutExtension(file), experiment.Name);
        Assert.NotEmpty(experiment.Figures);
    }

    [Fact]
    public void Read_OfAWholeFile_TakesEveryField()
    {
        var experiment = SampleExperiment.Read(SampleExperiment.Text);

        Assert.Equal([1UL, 2, 3], experiment.Seeds);
        Assert.Equal(["bright", "both"], experiment.Selectors.Select(selector => selector.Label));
        Assert.Equal([new WeightedVerifier("bright", 1), new WeightedVerifier("dark", 2)], experiment.Selectors[1].Verifiers);
        Assert.Equal(BudgetUnit.Nfe, experiment.Budgets.Unit);
        Assert.Equal([10.0, 40.0], experiment.Budgets.Values);
        Assert.Equal(ExperimentDefinition.DefaultParallel, experiment.Parallel);
    }

    [Theory]
    [InlineData("seeds: 3", "seedz: 3", "line 6: seedz", "known are: name, title")]
    [InlineData("seeds: 3", "seeds: many", "line 6: seeds", "'many' must be a whole number from 1")]
    [InlineData("steps: 10", "steps: 0", "line 3: steps", "must be a whole number from 1")]
    [InlineData("steps: 10", "sampling: {eta: 2}", "line 3: sampling.eta", "must be a number from 0 to 1")]
    [InlineData("steps: 10", "sampling: {guidance_interval: [0.2, 0.8]}", "line 3: sampling.guidance_interval", "the noisier first, for example [0.8, 0.2]")]
    [InlineData("verifiers: [bright, dark]", "verifiers: [bright, bright]", "line 7: verifiers[1]", "'bright' is named twice")]
    [InlineData("of: [bright,", "of: [brigth,", "line 8: select[1].of[0]", "'brigth' is none of the experiment's verifiers: bright, dark")]
    [InlineData("[steps, random, other]", "[random, random]", "line 9: algorithms[1]", "give one of them another 'label'")]
    [InlineData("{nfe: [10, 40]}", "{nfe: [10], rows: [10]}", "line 10: budgets", "must have exactly one of: nfe, rows, flops, seconds")]
    [InlineData("{nfe: [10, 40]}", "{seconds: [2]}", "line 9: algorithms[0]", "'steps' cannot be given seconds")]
    [InlineData("{nfe: [10, 40]}", "{flops: [2e9]}", "line 2: model", "'flops_per_row'")]
    [InlineData("model: flow\n", "", "line 1", "'budgets' is missing: say how much")]
    [InlineData("{algorithm: steps}", "{algorithm: walks}", "line 11: baseline.algorithm", "'walks' is none of the experiment's algorithms: steps, random, other")]
    [InlineData("metrics: [bright]", "metrics: [pretty]", "line 12: metrics[0]", "'pretty' must be one of: fid, is")]
    [InlineData("kind: lines", "kind: circles", "line 13: figures[0].kind", "'circles' must be one of: lines, table, differences, pictures")]
    [InlineData("title: Lines", "budgets: [20]", "line 13: figures[0].budgets", "20 is none of the experiment's budgets: 10, 40")]
    [InlineData("{classes: [0, 1]}", "{classes: some}", "line 5: conditions.classes", "'some' must be one of: all")]
    [InlineData("{classes: [0, 1]}", "{prompts_file: nowhere.json}", "line 5: conditions.prompts_file", "there is no file")]
    [InlineData("{classes: [0, 1]}", "{classes: [0, 1}", "line 5", "is no YAML")]
    public void Read_OfABadFile_NamesLineFieldAndRemedy(string good, string bad, string place, string description)
    {
        var text = SampleExperiment.Text.Replace(good, bad, StringComparison.Ordinal);
        if (bad.Length == 0)
        {
            text = text.Replace("budgets: {nfe: [10, 40]}\n", "", StringComparison.Ordinal);
        }

        var failure = Assert.Throws<CommandFailure>(() => SampleExperiment.Read(text));

        Assert.Equal(ExitCode.BadArguments, failure.ExitCode);
        Assert.Contains(failure.Violations, violation =>
            violation.Field == place && violation.Description.Contains(description, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_OfSeveralMistakes_TellsAllOfThem()
    {
        var text = SampleExperiment.Text.Replace("seeds: 3", "seeds: -3", StringComparison.Ordinal).Replace("steps: 10", "steps: x", StringComparison.Ordinal);

        Assert.Equal(2, Assert.Throws<CommandFailure>(() => SampleExperiment.Read(text)).Violations.Count);
    }

    [Fact]
    public void Read_OfAFileThatIsNotThere_SaysSo() =>
        Assert.Contains("there is no file", Assert.Throws<CommandFailure>(() => ExperimentReader.Read("nowhere.yaml")).Violations[0].Description, StringComparison.Ordinal);

    [Fact]
    public void Read_OfPromptsInAFile_TakesTheirClasses()
    {
        using var folder = new TemporaryFolder();
        folder.Write("prompts.json", """{"prompts": [{"text": "a coat", "class": 4}, {"text": "a hat"}]}""");
        var file = folder.Write("sample.yaml", SampleExperiment.Text.Replace("{classes: [0, 1]}", "{prompts_file: prompts.json}", StringComparison.Ordinal));

        Assert.Equal([new PromptChoice("a coat", 4), new PromptChoice("a hat", null)], ExperimentReader.Read(file).Conditions.Prompts);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "DiffusionMesh.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
