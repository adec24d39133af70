using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Algorithms;

public sealed class EvolutionarySearchTests
{
    [Fact]
    public async Task Generation_AtTheInitialNoise_IsMadeOfMutantsOfTheBestSoFar()
    {
        using var search = Search(("population", "6"), ("elites", "2"), ("beta", "0.6"));

        var result = await search.RunAsync();

        Assert.Equal([6, 6, 6, 2], search.Observer.Admitted);
        Assert.All(result.Candidates.Take(6), founder => Assert.Equal(
            new SegmentStart.Noise(new NoiseExpression.Draw(NoiseAddress.Of(7, (uint)founder.Number))), founder.Start));
        foreach (var generation in result.Candidates.Skip(6).GroupBy(candidate => candidate.Round))
        {
            var elites = result.Candidates.Where(candidate => candidate.Round < generation.Key).OrderByDescending(Brightness).Take(2).ToArray();
            Assert.All(generation.Index(), mutant =>
            {
                var elite = elites[mutant.Index % 2];
                Assert.Equal(elite.Number, mutant.Item.Parent);
                Assert.Equal(
                    new SegmentStart.Noise(new NoiseExpression.Rotation(
                        ((SegmentStart.Noise)elite.Start).Expression, NoiseAddress.Of(7, (uint)generation.Key, (uint)mutant.Index), .8)),
                    mutant.Item.Start);
            });
        }
    }

    [Fact]
    public async Task Generation_AtAState_IsNoisedUpFromTheElitesAndCostsTheRestOfARun()
    {
        // beta .6 keeps .8 of the noise: at level .5 states come from t/(1 - t) = .8. Of 10 steps 4 lead to the data from
        // there, 6 lead there, and 1 leads there from .5.
        using var search = Search(30 + 15 + 10, ("population", "3"), ("elites", "1"), ("beta", "0.6"), ("level", "0.5"));

        var result = await search.RunAsync();

        Assert.Equal([3, 3, 3, 3, 2, 2], search.Observer.Admitted);
        Assert.Equal(55, result.Ledger.NfeSearch);
        Assert.Equal(16, SearchAlgorithms.All["evolutionary"].PlannedCandidates(search.Spec, 10));
        var rounds = result.Candidates.GroupBy(candidate => candidate.Round).Select(round => round.ToArray()).ToArray();
        Assert.All(rounds[0].Concat(rounds[2]).Concat(rounds[4]), draft => Assert.Equal(.8 / 1.8, draft.ToLevel, 1e-12));
        Assert.Equal([6, 6, 6], rounds[0].Select(draft => draft.Steps));
        foreach (var generation in new[] { 0, 2, 4 })
        {
            Assert.Equal(
                rounds[generation].Select(SegmentStart (draft) => new SegmentStart.Continuation(draft.Number)),
                rounds[generation + 1].Select(finished => finished.Start));
        }

        foreach (var generation in new[] { 2, 4 })
        {
            var elite = result.Candidates.Where(candidate => candidate.IsFinished && candidate.Round < generation).MaxBy(Brightness)!;
            Assert.All(rounds[generation], mutant =>
            {
                Assert.Equal((.5, 1, elite.Parent), (mutant.FromLevel, mutant.Steps, mutant.Parent));
                Assert.Equal(elite.Parent, ((SegmentStart.Renoise)mutant.Start).Candidate);
            });
        }
    }

    [Theory]
    [InlineData("0.05")]
    [InlineData("0.5")]
    [InlineData("0.99")]
    public async Task Budget_AtAnyState_IsKeptAndFinishesACandidateAsSoonAsOneFits(string level)
    {
        foreach (var heun in new[] { false, true })
        {
            foreach (var steps in new[] { 1, 2, 3, 7 })
            {
                var run = heun ? (2 * steps) - 1 : steps;
                for (var budget = 0; budget <= 9 * run; budget++)
                {
                    using var search = new TestSearch
                    {
                        Algorithm = "evolutionary",
                        Budget = budget,
                        RunSteps = steps,
                        Sampler = new NoiseSampler { Heun = heun },
                        Parameters = { ["level"] = level, ["population"] = "2" },
                    };

                    var result = await search.RunAsync();

                    Assert.InRange(result.Ledger.NfeSearch, 0, budget);
                    Assert.Equal(budget >= run, result.Best.Length > 0);
                    Assert.Equal(StopReason.BudgetSpent, result.StopReason);
                    Assert.InRange(
                        result.Candidates.Length, 0, SearchAlgorithms.All["evolutionary"].PlannedCandidates(search.Spec, run));
                }
            }
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0.5")]
    public async Task Evolution_AtAnyLevel_BeatsOneSample(string level)
    {
        var gains = new List<double>();
        for (ulong seed = 0; seed < 10; seed++)
        {
            using var one = new TestSearch { Budget = TestSearch.Steps, Seed = seed };
            using var search = new TestSearch { Algorithm = "evolutionary", Seed = seed, Parameters = { ["level"] = level } };
            gains.Add((await search.RunAsync()).Best[0].SearchScore - (await one.RunAsync()).Best[0].SearchScore);
        }

        Assert.True(gains.Average() > .02, $"mean gain {gains.Average()}");
    }

    [Fact]
    public void ScoresDrafts_ByTheLevel_IsToldFromTheParameters()
    {
        using var initial = Search(("level", "1"));
        using var state = Search(("level", "0.9"));
        var algorithm = SearchAlgorithms.All["evolutionary"];

        Assert.Equal((false, true), (algorithm.ScoresDrafts(initial.Spec.Parameters), algorithm.ScoresDrafts(state.Spec.Parameters)));
    }

    private static TestSearch Search(params ReadOnlySpan<(string Name, string Value)> parameters) => Search(200, parameters);

    private static TestSearch Search(long budget, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var search = new TestSearch { Algorithm = "evolutionary", Budget = budget };
        foreach (var (name, value) in parameters)
        {
            search.Parameters.Add(name, value);
        }

        return search;
    }

    private static double Brightness(Candidate candidate) => PixelVerifier.Brightness(candidate.Image!);
}
