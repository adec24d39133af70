using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Algorithms;

namespace DiffusionMesh.Search.Tests.Algorithms;

public sealed class SearchOverPathsTests
{
    [Fact]
    public void Levels_OfTheDefaults_AreThoseOfThePaper()
    {
        var rounds = new PathLevels(0.11, 0.78, 0.81).Rounds();

        Assert.Equal([0.89, 0.86, 0.83, 0.80], rounds.Select(round => round.From));
        Assert.Equal([0.08, 0.05, 0.02, 0], rounds.Select(round => round.To));
    }

    [Theory]
    [InlineData(0.11, 0.78, 0.81, 4)]
    [InlineData(0.12, 0.78, 0.81, 4)]
    [InlineData(0.1201, 0.78, 0.81, 5)]
    [InlineData(0.3, 0.1, 0.4, 1)]
    [InlineData(0.3, 0.2, 0.3, 3)]
    public void Levels_TheirRounds_AreTheCeilingOfStartOverGain(double start, double forward, double backward, int expected)
    {
        var levels = new PathLevels(start, forward, backward);

        Assert.Equal(expected, levels.RoundCount);
        Assert.Equal(expected, levels.Rounds().Length);
        Assert.Equal(0, levels.Rounds()[^1].To);
    }

    // N L0 + rounds N M L.
    [Theory]
    [InlineData(1, 1, 9, 8, 41)]
    [InlineData(2, 3, 9, 8, 210)]
    [InlineData(3, 2, 5, 1, 39)]
    public async Task Search_OfAnyWidth_CostsWhatThePaperSays(int paths, int branches, int firstSteps, int legSteps, long nfe)
    {
        using var search = Search(nfe, paths, branches, firstSteps, legSteps);

        var result = await search.RunAsync();

        Assert.Equal(nfe, result.Ledger.NfeSearch);
        Assert.Equal(paths + (4 * paths * branches), result.Candidates.Length);
        Assert.Equal(paths * branches, result.Candidates.Count(candidate => candidate.IsFinished));
        Assert.Equal(5, search.Observer.Admitted.Count);
    }

    [Fact]
    public async Task Survivors_OfEachRound_AreTheBestOfTheOneBefore()
    {
        using var search = Search(210, paths: 2, branches: 3);

        var result = await search.RunAsync();

        for (var round = 1; round <= 4; round++)
        {
            var best = result.Candidates
                .Where(candidate => candidate.Round == round - 1)
                .OrderByDescending(candidate => ((ScoreOutcome.Value)candidate.Scores[0].Outcome).Score)
                .Take(2)
                .Select(candidate => candidate.Number)
                .ToArray();
            var branches = result.Candidates.Where(candidate => candidate.Round == round).ToArray();
            Assert.Equal(best.SelectMany(path => Enumerable.Repeat<int?>(path, 3)), branches.Select(branch => branch.Parent));
            Assert.Equal(best.SelectMany(path => Enumerable.Repeat(path, 3)), branches.Select(branch => ((SegmentStart.Renoise)branch.Start).Candidate));
            Assert.Equal(6, branches.Select(branch => ((SegmentStart.Renoise)branch.Start).Draw).Distinct().Count());
            Assert.Equal(6, branches.Select(branch => branch.Image!.Digest).Distinct().Count());
        }
    }

    [Fact]
    public async Task Budget_BeyondTheWidth_BeginsAgainWithFreshNoisesAndEndsWithWholeRuns()
    {
        using var search = Search((2 * 146) + 73 + 25, paths: 2, branches: 2);

        var result = await search.RunAsync();

        var fresh = result.Candidates.Where(candidate => candidate.Start is SegmentStart.Noise).ToArray();
        Assert.Equal(
            Enumerable.Range(0, 7).Select(i => new SegmentStart.Noise(new NoiseExpression.Draw(NoiseAddress.Of(7, (uint)i)))),
            fresh.Select(candidate => candidate.Start));
        Assert.Equal([9, 9, 9, 9, 9, 10, 10], fresh.Select(candidate => candidate.Steps));
        Assert.Equal((146 * 2) + 73 + 20, result.Ledger.NfeSearch);
        Assert.Equal(StopReason.BudgetSpent, result.StopReason);
    }

    [Theory]
    [InlineData("delta_b", "0.78", "delta_b", "'delta_b' is 0.78; it must be more than 'delta_f', 0.78, or paths never end")]
    [InlineData("delta_b", "0.5", "delta_b", "'delta_b' is 0.5; it must be more than 'delta_f', 0.78, or paths never end")]
    [InlineData("delta_b", "0.78001", "delta_b", "'delta_b' is 0.78001; with 'delta_f' 0.78 paths take 11000 rounds, more than 1000: move them apart")]
    [InlineData("sigma_start", "0.23", "delta_f", "'delta_f' is 0.78; with 'sigma_start' 0.23 it leads above noise level 1: lower one of them")]
    public void Conflicts_OfParameters_NameBoth(string name, string value, string expectedName, string expectedProblem)
    {
        var algorithm = SearchAlgorithms.All["paths"];

        var conflict = Assert.Single(algorithm.Conflicts(ImmutableSortedDictionary<string, string>.Empty.Add(name, value)));

        Assert.Equal(new ParameterConflict(expectedName, expectedProblem), conflict);
    }

    [Fact]
    public void Conflicts_OfTheDefaults_AreNone() =>
        Assert.Empty(SearchAlgorithms.All["paths"].Conflicts(
            ImmutableSortedDictionary<string, string>.Empty.Add("sigma_start", "0.22")));

    private static TestSearch Search(long budget, int paths, int branches, int firstSteps = 0, int legSteps = 0) => new()
    {
        Algorithm = "paths",
        Budget = budget,
        Parameters =
        {
            ["paths"] = $"{paths}",
            ["branches"] = $"{branches}",
            ["first_steps"] = $"{firstSteps}",
            ["leg_steps"] = $"{legSteps}",
        },
    };
}
