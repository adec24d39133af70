using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Experiments.Planning;

namespace DiffusionMesh.Cli.Tests.Experiments;

public sealed class PlannerTests
{
    [Fact]
    public void Plan_OfRandomSearch_SharesOnePoolAmongBudgetsAndSelectors()
    {
        var plan = SampleExperiment.Plan(SampleExperiment.Text);

        var random = plan.Rows.Where(row => row.Cell.Algorithm == "random").ToArray();
        Assert.Equal(2 * 2 * 2 * 3, random.Length);
        Assert.Equal(2 * 3, random.Select(row => row.Run.Key).Distinct().Count());
        Assert.All(random, row => Assert.Equal(40, row.Run.Spec.BudgetNfe));
        Assert.All(random, row => Assert.Equal(["bright", "dark"], row.Run.Spec.Verifiers.Select(verifier => verifier.Name)));
        Assert.Equal([1, 4], random.Select(row => row.Prefix!.Value).Distinct());
    }

    [Fact]
    public void Plan_OfMoreSteps_SpendsTheBudgetOnOneSample()
    {
        var steps = SampleExperiment.Plan(SampleExperiment.Text).Rows.Where(row => row.Cell.Algorithm == "steps").ToArray();

        Assert.Equal(2 * 2 * 3, steps.Length);
        Assert.All(steps, row => Assert.Equal((int)row.Cell.Budget, row.Run.Spec.Steps));
        Assert.All(steps, row => Assert.Equal("1", row.Run.Spec.Parameters["candidates"]));
        Assert.All(steps, row => Assert.Equal("", row.Cell.Select));
    }

    [Fact]
    public void Plan_OfAnotherAlgorithm_HoldsOutWhatDoesNotSelect()
    {
        var other = SampleExperiment.Plan(SampleExperiment.Text).Rows.Where(row => row.Cell.Algorithm == "other").ToArray();

        var single = other.First(row => row.Cell.Select == "bright").Run.Spec;
        Assert.Equal([("bright", false), ("dark", true)], single.Verifiers.Select(verifier => (verifier.Name, verifier.HeldOut)));
        var both = other.First(row => row.Cell.Select == "both").Run.Spec;
        Assert.Equal([("bright", 1.0), ("dark", 2.0)], both.Verifiers.Select(verifier => (verifier.Name, verifier.Weight)));
        Assert.Equal("rank", both.Ensemble);
        Assert.Equal(2 * 2 * 2 * 3, other.Select(row => row.Run.Key).Distinct().Count());
    }

    [Fact]
    public void Plan_OfTheSameFile_NamesTheSameRuns() => Assert.Equal(
        SampleExperiment.Plan(SampleExperiment.Text).Runs.Select(run => run.Key),
        SampleExperiment.Plan(SampleExperiment.Text).Runs.Select(run => run.Key));

    [Theory]
    [InlineData("steps: 10", "steps: 5")]
    [InlineData("guidance: 1", "guidance: 2")]
    [InlineData("classes: [0, 1]", "classes: [1, 0]")]
    [InlineData("{nfe: [10, 40]}", "{nfe: [10, 30]}")]
    [InlineData("model: flow", "model: small")]
    [InlineData("steps: 10", "steps: 10\nsampling: {schedule: karras}")]
    [InlineData("steps: 10", "steps: 10\nsampling: {guidance_interval: [0.8, 0.2]}")]
    public void Plan_WithAnotherContent_NamesOtherPools(string good, string bad)
    {
        var before = Keys(SampleExperiment.Text);
        var after = Keys(SampleExperiment.Text.Replace(good, bad, StringComparison.Ordinal));

        Assert.Empty(before.Intersect(after));

        static IEnumerable<string> Keys(string text) => SampleExperiment.Plan(text).Rows.Where(row => row.Prefix is not null).Select(row => row.Run.Key);
    }

    [Fact]
    public void Plan_OfSeveralConditions_BeginsEachAtAnotherNoise()
    {
        var rows = SampleExperiment.Plan(SampleExperiment.Text).Rows;

        Assert.Equal(rows.Select(row => (row.Seed, row.Condition)).Distinct().Count(), rows.Select(row => row.SearchSeed).Distinct().Count());
    }

    [Theory]
    [InlineData("guidance: 1", "{rows: [40, 80]}", 40, 80)]
    [InlineData("guidance: 1.5", "{rows: [40, 80]}", 20, 40)]
    [InlineData("guidance: 3", "{nfe: [40, 80]}", 40, 80)]
    public void Plan_WithBudgetsInAnotherUnit_TurnsThemIntoNfe(string guidance, string budgets, long small, long great)
    {
        var plan = SampleExperiment.Plan(SampleExperiment.Text
            .Replace("guidance: 1", guidance, StringComparison.Ordinal)
            .Replace("{nfe: [10, 40]}", budgets, StringComparison.Ordinal));

        Assert.Equal([small, great], plan.Rows.Where(row => row.Cell.Algorithm == "other").Select(row => row.Run.Spec.BudgetNfe).Distinct());
        Assert.All(plan.Runs, run => Assert.Equal(run.Nfe * (guidance == "guidance: 1" ? 1 : 2), run.Rows));
    }

    [Fact]
    public void Plan_WithBudgetsInFlops_EqualisesModels()
    {
        var plan = SampleExperiment.Plan(SampleExperiment.Text
            .Replace("model: flow", "models: [{name: flow, flops_per_row: 4.0e+7}, {name: small, flops_per_row: 1.0e+7}]", StringComparison.Ordinal)
            .Replace("{nfe: [10, 40]}", "{flops: [4.0e+8]}", StringComparison.Ordinal));

        Assert.Equal([("flow", 1), ("small", 4)], plan.Rows.Where(row => row.Prefix is not null).Select(row => (row.Cell.Model, row.Prefix!.Value)).Distinct());
    }

    [Fact]
    public void Plan_WithBudgetsInSeconds_LimitsTimeAndAsksOnlyWhatSelects()
    {
        var plan = SampleExperiment.Plan(SampleExperiment.Text
            .Replace("[steps, random, other]", "[random, other]", StringComparison.Ordinal)
            .Replace("baseline: {algorithm: steps}", "baseline: {algorithm: random}", StringComparison.Ordinal)
            .Replace("{nfe: [10, 40]}", "{seconds: [0.5, 2], most_nfe: 500}", StringComparison.Ordinal));

        Assert.All(plan.Rows, row => Assert.Equal(row.Cell.Budget, row.Run.Limit!.Value.TotalSeconds));
        Assert.All(plan.Rows, row => Assert.Null(row.Prefix));
        Assert.All(plan.Runs, run => Assert.Equal(500, run.Spec.BudgetNfe));
        Assert.All(plan.Rows.Where(row => row.Cell.Select == "bright"), row => Assert.Equal("bright", Assert.Single(row.Run.Spec.Verifiers).Name));
    }

    [Theory]
    [InlineData("[steps, random, other]", "[steps, randm]", "line 9: algorithms[1]", "'randm' is unknown; known are: random, other, steps")]
    [InlineData("[steps, random, other]", "[steps, {name: other, parameters: {depth: 2}}]", "line 9: algorithms[1].name", "'depth' is no parameter of other; known are: width")]
    [InlineData("model: flow", "model: flew", "line 2: model", "'flew' is not served; known are: flow, small")]
    [InlineData("{classes: [0, 1]}", "{classes: [0, 7]}", "line 5: conditions", "there is no class 7; the model has 2: T-shirt, Trouser")]
    [InlineData("{classes: [0, 1]}", "{prompts: [a coat]}", "line 5: conditions", "verifier 'bright' cannot score prompts")]
    [InlineData("{nfe: [10, 40]}", "{nfe: [5, 40]}", "line 10: budgets.nfe", "5 nfe is 5 NFE under flow, which does not pay for one candidate of 10 NFE")]
    public void Plan_OfWhatTheServicesDoNotOffer_NamesLineAndRemedy(string good, string bad, string place, string description)
    {
        var failure = Assert.Throws<CommandFailure>(() => SampleExperiment.Plan(SampleExperiment.Text.Replace(good, bad, StringComparison.Ordinal)));

        Assert.Contains(failure.Violations, violation =>
            violation.Field == place && violation.Description.Contains(description, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("euler", 40, 40)]
    [InlineData("heun", 40, 20)]
    [InlineData("heun", 1, 1)]
    [InlineData("heun", 2, 1)]
    public void StepsFor_AnNfe_AreTheMostThatItPaysFor(string sampler, long nfe, int steps)
    {
        var translation = new BudgetTranslation(DiffusionMesh.Cli.Experiments.Definition.BudgetUnit.Nfe, 1, 0, sampler, 10);

        Assert.Equal(steps, translation.StepsFor(nfe));
        Assert.True(translation.NfeOf(steps) <= nfe && translation.NfeOf(steps + 1) > nfe);
    }
}
