using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Algorithms;

public sealed class SuccessiveHalvingTests
{
    [Fact]
    public async Task Halving_KnownBudget_StartsKeepsAndFinishesWhatItPaysFor()
    {
        // Four legs of two steps. A bracket of 8 costs 2 (8 + 4 + 2 + 1) = 30, one of 9 costs 2 (9 + 5 + 3 + 2) = 38. The 7
        // that are left finish the draft given up at level .25 for 2 and one of the two given up at .5 for 4.
        using var search = new TestSearch { Algorithm = "successive-halving", RunSteps = 8, Budget = 37 };

        var result = await search.RunAsync();

        Assert.Equal([8, 4, 2, 1, 2], search.Observer.Admitted);
        Assert.Equal(
            [.. Enumerable.Repeat((1, .75), 8), .. Enumerable.Repeat((.75, .5), 4), .. Enumerable.Repeat((.5, .25), 2), (.25, 0), (.25, 0), (.5, 0)],
            result.Candidates.Select(candidate => (candidate.FromLevel, candidate.ToLevel)));
        Assert.Equal(36, result.Ledger.NfeSearch);
        Assert.All(result.Candidates.Where(candidate => candidate.IsFinished), finished => Assert.Equal(8, finished.NfePath));
        Assert.Equal(StopReason.BudgetSpent, result.StopReason);
        Assert.Equal(17, SearchAlgorithms.All["successive-halving"].PlannedCandidates(search.Spec, 8));
    }

    [Fact]
    public async Task Halving_Survivors_AreTheBestDraftsOfTheLegBefore()
    {
        using var search = new TestSearch { Algorithm = "successive-halving", RunSteps = 8, Parameters = { ["eta"] = "3" } };

        var result = await search.RunAsync();

        var rounds = result.Candidates.GroupBy(candidate => candidate.Round).Select(round => round.ToArray()).ToArray();
        for (var leg = 1; leg < 4; leg++)
        {
            var (before, after) = (rounds[leg - 1], rounds[leg]);
            Assert.Equal((before.Length + 2) / 3, after.Length);
            Assert.Equal(
                before.OrderByDescending(draft => PixelVerifier.Brightness(draft.Image!)).Take(after.Length).Select(draft => draft.Number),
                after.Select(candidate => candidate.Parent!.Value));
        }

        Assert.All(rounds[0], draft => Assert.Equal(
            new SegmentStart.Noise(new NoiseExpression.Draw(NoiseAddress.Of(7, (uint)draft.Number))), draft.Start));
    }

    [Fact]
    public async Task Halving_BracketsOfAGivenSize_FollowOneAnotherWithFurtherNoises()
    {
        using var search = new TestSearch
        {
            Algorithm = "successive-halving",
            RunSteps = 4,
            Budget = 25,
            Parameters = { ["drafts"] = "4", ["legs"] = "2" },
        };

        var result = await search.RunAsync();

        // 4 · 2 + 2 · 2 = 12 a bracket, and 1 left, which finishes nothing.
        Assert.Equal([4, 2, 4, 2], search.Observer.Admitted);
        Assert.Equal(8, result.Candidates.Where(candidate => candidate.Parent is null).Select(candidate => candidate.Start).Distinct().Count());
        Assert.Equal(12, SearchAlgorithms.All["successive-halving"].PlannedCandidates(search.Spec, 4));
    }

    [Fact]
    public async Task Halving_ManyDrafts_BeatsBestOfAsManyWholeRuns()
    {
        var gains = new List<double>();
        for (ulong seed = 0; seed < 30; seed++)
        {
            using var random = new TestSearch { Seed = seed, Budget = 40 };
            using var halving = new TestSearch { Algorithm = "successive-halving", Seed = seed, Budget = 40 };
            gains.Add((await halving.RunAsync()).Best[0].SearchScore - (await random.RunAsync()).Best[0].SearchScore);
        }

        Assert.True(gains.Average() > 0, $"mean gain {gains.Average()}");
    }
}
