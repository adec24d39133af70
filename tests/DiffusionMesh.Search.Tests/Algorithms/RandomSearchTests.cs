using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Running;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Algorithms;

public sealed class RandomSearchTests
{
    [Fact]
    public async Task RandomSearch_CandidateI_StartsFromTheDrawAtI()
    {
        using var search = new TestSearch { Seed = ulong.MaxValue };

        var result = await search.RunAsync();

        Assert.Equal(20, result.Candidates.Length);
        Assert.All(result.Candidates, candidate => Assert.Equal(
            new SegmentStart.Noise(new NoiseExpression.Draw(NoiseAddress.Of(ulong.MaxValue, (uint)candidate.Number))), candidate.Start));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task RandomSearch_RoundSize_ChangesNoCandidate(int roundSize)
    {
        using var usual = new TestSearch();
        using var other = new TestSearch { RoundSize = roundSize };

        var (expected, actual) = (await usual.RunAsync(), await other.RunAsync());

        Assert.Equal(expected.Candidates.Select(candidate => candidate.Image!.Digest), actual.Candidates.Select(candidate => candidate.Image!.Digest));
        Assert.Equal(expected.Best.Select(best => best.Candidate), actual.Best.Select(best => best.Candidate));
        Assert.Equal((19 / roundSize) + 1, other.Observer.Admitted.Count);
    }

    [Fact]
    public async Task RandomSearch_Best_IsTheBrightestOfAllRounds()
    {
        using var search = new TestSearch();

        var result = await search.RunAsync();

        var expected = result.Candidates.OrderByDescending(candidate => PixelVerifier.Brightness(candidate.Image!));
        Assert.Equal(expected.Take(3).Select(candidate => candidate.Number), result.Best.Select(best => best.Candidate));
    }

    [Fact]
    public async Task RandomSearch_AnyBudget_IsSpentAsFarAsWholeRunsGo()
    {
        for (var budget = 0; budget <= 5 * TestSearch.Steps; budget++)
        {
            using var search = new TestSearch { Budget = budget };

            var result = await search.RunAsync();

            Assert.Equal(budget / TestSearch.Steps * TestSearch.Steps, result.Ledger.NfeSearch);
            Assert.Equal(StopReason.BudgetSpent, result.StopReason);
        }
    }

    [Fact]
    public async Task RandomSearch_LimitOfCandidates_CompletesTheSearch()
    {
        using var search = new TestSearch();
        var spec = search.Spec with { Parameters = search.Spec.Parameters.SetItem("candidates", "6") };
        var algorithm = SearchAlgorithms.All["random"];
        var environment = new SearchEnvironment(
            search.Sampler, [search.Verifiers[0]], search.Journal, search.Observer, search.Stop, MaxWastedNfe: 0);

        var result = await SearchRunner.RunAsync(spec, algorithm, environment, CancellationToken.None);

        Assert.Equal(StopReason.Completed, result.StopReason);
        Assert.Equal([4, 2], search.Observer.Admitted);
        Assert.Equal(6, algorithm.PlannedCandidates(spec, TestSearch.Steps));
    }
}
