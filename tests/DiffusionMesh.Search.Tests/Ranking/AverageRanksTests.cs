using DiffusionMesh.Search.Ranking;
using FsCheck;
using FsCheck.Fluent;

namespace DiffusionMesh.Search.Tests.Ranking;

public sealed class AverageRanksTests
{
    // Few different values, so that ties are common.
    private static readonly Arbitrary<double[]> Scores =
        Gen.Choose(-3, 3).Select(value => value / 2.0).ArrayOf().ToArbitrary();

    [Fact]
    public void Of_EqualScores_ShareTheMeanOfTheirPlaces() =>
        Assert.Equal([2.5, 1, 4, 2.5], AverageRanks.Of([0.5, 0.9, 0.1, 0.5], higherIsBetter: true));

    [Fact]
    public void Of_LowerIsBetter_RanksTheLowestFirst() =>
        Assert.Equal([2.5, 4, 1, 2.5], AverageRanks.Of([0.5, 0.9, 0.1, 0.5], higherIsBetter: false));

    [Fact]
    public void Of_AnyScores_CountsTheBetterAndHalfTheEqual() => Prop.ForAll(Scores, scores =>
    {
        var expected = scores.Select(score => 0.5 + scores.Count(other => other > score) + (scores.Count(other => other == score) / 2.0));
        return expected.SequenceEqual(AverageRanks.Of(scores, higherIsBetter: true));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_AnyScores_SumsToThatOfAllPlaces() => Prop.ForAll(Scores, scores =>
        AverageRanks.Of(scores, higherIsBetter: true).Sum() == scores.Length * (scores.Length + 1) / 2.0)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Of_NegatedScores_MirrorTheRanks() => Prop.ForAll(Scores, scores =>
        AverageRanks.Of([.. scores.Select(score => -score)], higherIsBetter: false)
            .SequenceEqual(AverageRanks.Of(scores, higherIsBetter: true)))
        .QuickCheckThrowOnFailure();
}
