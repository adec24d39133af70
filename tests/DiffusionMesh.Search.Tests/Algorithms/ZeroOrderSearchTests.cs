using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Algorithms;

public sealed class ZeroOrderSearchTests
{
    [Theory]
    [InlineData("0.95")]
    [InlineData("0.3")]
    [InlineData("0")]
    public async Task ZeroOrder_Neighbour_KeepsNormAndHasTheCosine(string cosine)
    {
        using var search = Search(("cosine", cosine));

        var result = await search.RunAsync();

        var neighbours = result.Candidates.Where(candidate => candidate.Parent is not null).ToArray();
        Assert.Equal(19, neighbours.Length);
        Assert.All(neighbours, neighbour =>
        {
            var (n, y) = (Values(result.Candidates[neighbour.Parent!.Value]), Values(neighbour));
            Assert.Equal(Norm(n), Norm(y), 1e-5);
            Assert.Equal(double.Parse(cosine, System.Globalization.CultureInfo.InvariantCulture), Dot(n, y) / (Norm(n) * Norm(y)), 1e-6);
        });
    }

    [Fact]
    public async Task ZeroOrder_Pivot_IsTheBestOfPivotAndNeighboursAndNeverRunAgain()
    {
        using var search = Search();

        var result = await search.RunAsync();

        var pivot = result.Candidates[0];
        foreach (var round in result.Candidates.Skip(1).GroupBy(candidate => candidate.Round))
        {
            Assert.All(round, neighbour => Assert.Equal(pivot.Number, neighbour.Parent));
            pivot = round.Prepend(pivot).MaxBy(Brightness)!;
        }

        Assert.NotEqual(0, pivot.Number);
        Assert.Equal(pivot.Number, result.Best[0].Candidate);
        Assert.Equal(20, result.Candidates.Select(candidate => candidate.Start).Distinct().Count());
        Assert.Equal([1, 4, 4, 4, 4, 3], search.Observer.Admitted);
    }

    [Fact]
    public async Task ZeroOrder_SeveralVerifiers_ThePivotIsChosenByRanksOverAllCandidates()
    {
        // Among 1, 3 and 4 alone, 1 and 3 are equal and 1 would stay the pivot; candidate 2 parts them under the second.
        using var search = new TestSearch
        {
            Algorithm = "zero-order",
            Budget = 7 * TestSearch.Steps,
            Parameters = { ["neighbours"] = "2" },
            Verifiers = [Scripted("first", .05, 1, .1, .9, 0, 0, 0), Scripted("second", 0, .5, .55, .6, 0, 0, 0)],
        };

        var result = await search.RunAsync();

        Assert.Equal([null, 0, 0, 1, 1, 3, 3], result.Candidates.Select(candidate => candidate.Parent));
    }

    [Fact]
    public async Task Redraw_OnAPlateau_DrawsNewNeighboursOfThePivotAndCountsNoIteration()
    {
        using var search = Search(flat: true, ("iterations", "1"));

        var result = await search.RunAsync();

        Assert.Equal(StopReason.BudgetSpent, result.StopReason);
        Assert.Equal(20, result.Candidates.Length);
        Assert.All(result.Candidates.Skip(1), neighbour => Assert.Equal(0, neighbour.Parent));
        Assert.Equal(20, result.Candidates.Select(candidate => candidate.Start).Distinct().Count());
    }

    [Fact]
    public async Task Restart_OnAPlateau_BeginsAtFreshNoiseOncePatienceIsSpent()
    {
        using var search = Search(flat: true, ("plateau", "restart"), ("patience", "1"), ("iterations", "3"));

        var result = await search.RunAsync();

        Assert.Equal(StopReason.Completed, result.StopReason);
        Assert.Equal([null, 0, 0, 0, 0, null, 5, 5, 5, 5, null, 10, 10, 10, 10], result.Candidates.Select(candidate => candidate.Parent));
        Assert.Equal(
            [Fresh(0), Fresh(1), Fresh(2)],
            result.Candidates.Where(candidate => candidate.Parent is null).Select(candidate => candidate.Start));
        Assert.Equal(15, SearchAlgorithms.All["zero-order"].PlannedCandidates(search.Spec, TestSearch.Steps));
    }

    [Fact]
    public async Task Iterations_ThatMoveThePivot_AreLimited()
    {
        var rising = 0;
        using var search = Search(Rising(() => rising++), ("iterations", "3"));

        var result = await search.RunAsync();

        Assert.Equal(StopReason.Completed, result.StopReason);
        Assert.Equal(1 + (3 * 4), result.Candidates.Length);
    }

    [Fact]
    public async Task Pivot_AtTheLongestExpression_IsLeftForAFreshOne()
    {
        var rising = 0;
        using var search = new TestSearch
        {
            Algorithm = "zero-order",
            Budget = 300,
            RunSteps = 1,
            Parameters = { ["neighbours"] = "1" },
            Verifiers = [Rising(() => rising++)],
        };

        var result = await search.RunAsync();

        Assert.Equal(Enumerable.Range(0, 257).Select(i => i - 1), result.Candidates.Take(257).Select(candidate => candidate.Parent ?? -1));
        Assert.Equal(NoiseExpression.MaxRotations, NoiseOf(result.Candidates[256]).Rotations);
        Assert.Equal(Fresh(1), result.Candidates[257].Start);
        Assert.Equal(257, result.Candidates[258].Parent);
        Assert.Equal(300, result.Candidates.Length);
    }

    private static TestSearch Search(params ReadOnlySpan<(string Name, string Value)> parameters) =>
        Search(new PixelVerifier(), parameters);

    private static TestSearch Search(bool flat, params ReadOnlySpan<(string Name, string Value)> parameters) =>
        Search(flat ? new PixelVerifier { Score = _ => new ScoreOutcome.Value(.5) } : new PixelVerifier(), parameters);

    private static TestSearch Search(PixelVerifier verifier, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var search = new TestSearch { Algorithm = "zero-order", Verifiers = [verifier] };
        foreach (var (name, value) in parameters)
        {
            search.Parameters.Add(name, value);
        }

        return search;
    }

    private static PixelVerifier Rising(Func<int> next) => new() { Score = _ => new ScoreOutcome.Value(next() / 1000.0) };

    // Scores in the order of proposal.
    private static PixelVerifier Scripted(string name, params ImmutableArray<double> scores)
    {
        var next = 0;
        return new PixelVerifier { Name = name, Score = _ => new ScoreOutcome.Value(scores[next++]) };
    }

    private static SegmentStart.Noise Fresh(uint start) =>
        new(new NoiseExpression.Draw(NoiseAddress.Of(7, start)));

    private static NoiseExpression NoiseOf(Candidate candidate) => ((SegmentStart.Noise)candidate.Start).Expression;

    private static double Brightness(Candidate candidate) => PixelVerifier.Brightness(candidate.Image!);

    private static float[] Values(Candidate candidate)
    {
        var values = new float[1024];
        NoiseOf(candidate).Fill(values);
        return values;
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static double Norm(float[] a) => Math.Sqrt(Dot(a, a));
}
