using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Algorithms;

public sealed class EpsilonGreedySearchTests
{
    [Fact]
    public async Task Run_EveryLegButTheLast_GoesBelowItsEndAndIsNoisedUpAgain()
    {
        // churn .6 keeps .8 of the noise: t/(1 - t) is 3, 1, 1/3 where legs meet and 2.4, .8, .8/3 where they end.
        using var search = Search(8, 8 * 9, ("churn", "0.6"));

        var result = await search.RunAsync();

        Assert.Equal([5, 4, 5, 4, 5, 4, 5, 4], search.Observer.Admitted);
        Assert.Equal(8 * 9, result.Ledger.NfeSearch);
        var legs = result.Candidates.GroupBy(candidate => candidate.Round / 2).Select(leg => leg.ToArray()).ToArray();
        Assert.Equal([1, .75, .5, .25], legs.Select(leg => leg.Select(candidate => candidate.FromLevel).Distinct().Single()));
        Assert.Equal(
            [2.4 / 3.4, .8 / 1.8, .8 / 3.8, 0],
            legs.Select(leg => leg.Select(candidate => candidate.ToLevel).Distinct().Single()),
            (expected, actual) => Math.Abs(expected - actual) < 1e-12);
        Assert.All(legs[3], finished => Assert.Equal(8, finished.NfePath));
    }

    [Fact]
    public async Task Run_AfterEveryLeg_GoesOnFromItsBest()
    {
        using var search = Search(8, 8 * 9);

        var result = await search.RunAsync();

        var legs = result.Candidates.GroupBy(candidate => candidate.Round / 2).Select(leg => leg.ToArray()).ToArray();
        for (var leg = 1; leg < 4; leg++)
        {
            var best = legs[leg - 1].MaxBy(Brightness)!.Number;
            Assert.All(legs[leg], candidate => Assert.Equal(best, ((SegmentStart.Renoise)candidate.Start).Candidate));
            Assert.All(legs[leg], candidate => Assert.Equal(best, candidate.Parent));
        }

        Assert.Equal(legs[3].MaxBy(Brightness)!.Number, result.Best[0].Candidate);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 32)]
    public async Task Try_ByEpsilon_IsFreshOrNearThePivot(string epsilon, int fresh)
    {
        using var search = Search(8, 8 * 9, ("epsilon", epsilon), ("cosine", "0.9"));

        var result = await search.RunAsync();

        var tries = result.Candidates.Length - 4;
        Assert.Equal(32, tries);
        Assert.Equal(4 + fresh, result.Candidates.Count(candidate => NoiseOf(candidate) is NoiseExpression.Draw));
        foreach (var leg in result.Candidates.GroupBy(candidate => candidate.Round / 2))
        {
            var pivot = leg.First();
            foreach (var round in leg.Skip(1).GroupBy(candidate => candidate.Round))
            {
                Assert.All(round, candidate => Assert.True(
                    NoiseOf(candidate) is not NoiseExpression.Rotation(var from, _, var cosine) || (from == NoiseOf(pivot) && cosine == .9)));
                pivot = round.Prepend(pivot).MaxBy(Brightness)!;
            }
        }
    }

    [Fact]
    public async Task Try_ManyWithTheDefaultEpsilon_AreFreshInThatShare()
    {
        using var search = Search(1, 1001, ("tries", "1000"), ("rounds", "1"), ("epsilon", "0.3"));

        var result = await search.RunAsync();

        // Five standard errors of a share among 1000.
        var fresh = result.Candidates.Skip(1).Count(candidate => NoiseOf(candidate) is NoiseExpression.Draw);
        Assert.InRange(fresh, 300 - 73, 300 + 73);
    }

    [Fact]
    public async Task Budget_ForPartOfTheTries_GivesEveryLegAsMany()
    {
        using var search = Search(8, (8 * 9) + (8 * 3) + 7);

        var result = await search.RunAsync();

        Assert.Equal([5, 4, 5, 4, 5, 4, 5, 4, 3, 3, 3, 3], search.Observer.Admitted);
        Assert.Equal(StopReason.BudgetSpent, result.StopReason);
        Assert.Equal(48, SearchAlgorithms.All["epsilon-greedy"].PlannedCandidates(search.Spec, 8));
        Assert.Equal(48, result.Candidates.Select(candidate => candidate.Start).Distinct().Count());
    }

    private static TestSearch Search(int steps, long budget, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var search = new TestSearch { Algorithm = "epsilon-greedy", RunSteps = steps, Budget = budget };
        foreach (var (name, value) in parameters)
        {
            search.Parameters.Add(name, value);
        }

        return search;
    }

    private static NoiseExpression NoiseOf(Candidate candidate) => candidate.Start switch
    {
        SegmentStart.Noise(var noise) => noise,
        SegmentStart.Renoise(_, var noise) => noise,
        _ => throw new NotSupportedException(),
    };

    private static double Brightness(Candidate candidate) => PixelVerifier.Brightness(candidate.Image!);
}
