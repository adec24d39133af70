using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Ranking;

namespace DiffusionMesh.Search.Tests.Ranking;

public sealed class DraftCorrelationTests
{
    [Theory]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 10.0, 20, 30, 1000 }, 1)]
    [InlineData(new[] { 1.0, 2, 3, 4 }, new[] { 4.0, 3, 2, -7 }, -1)]
    [InlineData(new[] { 1.0, 2, 3, 4, 5 }, new[] { 2.0, 1, 4, 3, 5 }, .8)] // 1 - 6 · 4 / (5 · 24)
    [InlineData(new[] { 1.0, 2, 2, 3 }, new[] { 1.0, 2, 3, 4 }, .9486832980505138)] // ranks 1, 2.5, 2.5, 4: 4.5 / sqrt(4.5 · 5)
    public void Spearman_KnownScores_GivesTheKnownValue(double[] first, double[] second, double expected) =>
        Assert.Equal(expected, RankCorrelation.Spearman(first, second)!.Value, 1e-12);

    [Theory]
    [InlineData(new double[0], new double[0])]
    [InlineData(new[] { 1.0 }, new[] { 2.0 })]
    [InlineData(new[] { 1.0, 2 }, new[] { 3.0, 3 })]
    public void Spearman_NothingOrdered_IsNull(double[] first, double[] second) =>
        Assert.Null(RankCorrelation.Spearman(first, second));

    [Fact]
    public void Of_Candidates_PairsFinishedOnesWithTheDraftsTheyWentOnFrom()
    {
        var fresh = new SegmentStart.Noise(new NoiseExpression.Draw(NoiseAddress.Of(0)));
        Candidate[] candidates =
        [
            Of(0, fresh, .5, .1), Of(1, fresh, .5, .2), Of(2, fresh, .5, .3), Of(3, fresh, .5, .9),
            Of(4, new SegmentStart.Continuation(0), .25, .5), Of(5, new SegmentStart.Continuation(1), .25, .4),
            Of(6, new SegmentStart.Continuation(4), 0, .7), Of(7, new SegmentStart.Continuation(5), 0, .8),
            Of(8, new SegmentStart.Continuation(2), 0, .9), Of(9, new SegmentStart.Renoise(3, NoiseAddress.Of(1)), 0, 0),
        ];

        Assert.Equal(
            [new DraftCorrelation(.5, 3, 1), new DraftCorrelation(.25, 2, -1)],
            DraftCorrelation.Of(candidates, "brightness").ToArray());
        Assert.Empty(DraftCorrelation.Of(candidates, "another"));
    }

    private static Candidate Of(int number, SegmentStart start, double toLevel, double score) => new()
    {
        Number = number,
        Round = 0,
        Start = start,
        Steps = 1,
        ToLevel = toLevel,
        Scores = [new VerifierScore("brightness", new ScoreOutcome.Value(score))],
    };
}
