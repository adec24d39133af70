using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Ranking;
using FsCheck;
using FsCheck.Fluent;

namespace DiffusionMesh.Search.Tests.Ranking;

public sealed class SelectionRuleTests
{
    private static readonly SelectionRule TwoVerifiers = new([new RankedVerifier(1, true), new RankedVerifier(3, false)]);

    [Fact]
    public void Rank_OneVerifier_OrdersByItsScore()
    {
        var pool = Pool([[0.2], [0.7], [0.5]]);

        Assert.Equal([(1, 0.7), (2, 0.5), (0, 0.2)], Named(new SelectionRule([new RankedVerifier(1, true)]).Rank(pool)));
        Assert.Equal([(0, 0.2), (2, 0.5), (1, 0.7)], Named(new SelectionRule([new RankedVerifier(1, false)]).Rank(pool)));
    }

    [Fact]
    public void Rank_SeveralVerifiers_TakesTheWeightedMeanOfRanks()
    {
        // Ranks by the first: 3, 1, 2. By the second, where lower is better: 1, 2.5, 2.5.
        var pool = Pool([[0.2, 10], [0.7, 20], [0.5, 20]]);

        Assert.Equal([(0, (3 + 3.0) / 4), (1, (1 + 7.5) / 4), (2, (2 + 7.5) / 4)], Named(TwoVerifiers.Rank(pool)));
    }

    [Fact]
    public void Rank_CandidateThatLacksAScore_TakesNoPart()
    {
        var pool = Pool([[0.2, 10], [0.7, null], [0.5, 20], [null, null]]);

        Assert.Equal([(0, (2 + 3.0) / 4), (2, (1 + 6.0) / 4)], Named(TwoVerifiers.Rank(pool)));
    }

    [Fact]
    public void Rank_EqualSearchScores_AreShownInTheOrderOfProposal()
    {
        var rule = new SelectionRule([new RankedVerifier(1, true)]);

        Assert.Equal([1, 0, 2, 3], rule.Rank(Pool([[0.5], [0.7], [0.5], [0.5]])).Select(standing => standing.Candidate.Number));
    }

    [Fact]
    public void Rank_MonotoneChangeOfScores_ChangesNoMeanRank() => Prop.ForAll(Pools, scores =>
    {
        var stretched = scores.Select(of => new double?[] { Math.Exp(of[0]!.Value), (of[1] * 100) - 7 });
        return Named(TwoVerifiers.Rank(Pool(scores))).SequenceEqual(Named(TwoVerifiers.Rank(Pool(stretched))));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rank_ScaledWeights_ChangeNothing() => Prop.ForAll(Pools, scores =>
    {
        var scaled = new SelectionRule([new RankedVerifier(2, true), new RankedVerifier(6, false)]);
        return Named(TwoVerifiers.Rank(Pool(scores))).SequenceEqual(Named(scaled.Rank(Pool(scores))));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rank_CandidateBestUnderEveryVerifier_ComesFirst() => Prop.ForAll(Pools, scores =>
    {
        var standings = TwoVerifiers.Rank(Pool([.. scores, [100.0, -100.0]]));
        return standings[0].Candidate.Number == scores.Length && standings[0].SearchScore == 1;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rank_PoolInAnotherOrder_GivesTheSame() => Prop.ForAll(Pools, scores =>
    {
        var pool = Pool(scores);
        return Named(TwoVerifiers.Rank(pool)).SequenceEqual(Named(TwoVerifiers.Rank(pool.AsEnumerable().Reverse())));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(true, 0.5, 0.5, true)]
    [InlineData(true, 0.4, 0.5, false)]
    [InlineData(false, 0.5, 0.5, true)]
    [InlineData(false, 0.6, 0.5, false)]
    public void Reaches_Target_FollowsTheDirectionOfTheVerifier(bool higherIsBetter, double score, double target, bool expected) =>
        Assert.Equal(expected, new SelectionRule([new RankedVerifier(1, higherIsBetter)]).Reaches(score, target));

    private static Arbitrary<double?[][]> Pools =>
        Gen.Choose(-4, 4).Select(value => (double?)(value / 4.0)).ArrayOf(2).ArrayOf().ToArbitrary();

    private static List<Candidate> Pool(IEnumerable<double?[]> scores) => [.. scores.Select((of, number) => new Candidate
    {
        Number = number,
        Round = 0,
        Start = new SegmentStart.Noise(new NoiseExpression.Draw(NoiseAddress.Of(0, (uint)number))),
            Steps = 5,
        State = of.All(score => score is not null) ? CandidateState.Scored : CandidateState.Unscored,
        Scores = [.. of.Select((score, v) => new VerifierScore(
            $"v{v}", score is { } value ? new ScoreOutcome.Value(value) : new ScoreOutcome.Missing("down")))],
    })];

    private static IEnumerable<(int Number, double Score)> Named(IEnumerable<Standing> standings) =>
        standings.Select(standing => (standing.Candidate.Number, standing.SearchScore));
}
