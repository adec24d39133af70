using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Ranking;
using FsCheck;
using FsCheck.Fluent;

namespace DiffusionMesh.Search.Tests.Ranking;

/// <summary>How several verifiers choose together when some scores are missing and some verifiers are held out.</summary>
public sealed class EnsembleRulesTests
{
    private static readonly RankedVerifier Higher = new(1, true) { IsRequired = false, RealScale = new ScoreScale(0.5, 0.25) };
    private static readonly RankedVerifier Lower = new(3, false) { IsRequired = false, RealScale = new ScoreScale(-1, 2) };

    public static TheoryData<string> Rules => [.. EnsembleRules.All.Names];

    [Fact]
    public void Rank_MissingScores_StretchesTheRanksOfTheRestToThePool()
    {
        var rule = new SelectionRule([Higher, Lower]);
        var pool = Pool(rule, [[0.2, 10], [0.7, null], [0.5, 30], [0.9, 20]]);

        // By the first: 4, 2, 3, 1. By the second, among three of four: (rank - 1/2) 4/3 + 1/2 of 1, -, 3, 2.
        Assert.Equal(
            [(0, (4 + (3 * ((0.5 * 4 / 3) + 0.5))) / 4), (1, 2), (3, (1 + (3 * 2.5)) / 4), (2, (3 + (3 * ((2.5 * 4 / 3) + 0.5))) / 4)],
            Named(rule.Rank(pool)));
    }

    [Fact]
    public void ZScore_Scores_AreTakenByTheScaleOverRealImages()
    {
        var rule = new SelectionRule([Higher, Lower], "z-score");
        var pool = Pool(rule, [[0.75, -1], [0.5, -5], [1, null]]);

        Assert.True(rule.HigherIsBetter);
        Assert.Equal([(2, 2.0), (1, (0 + (3 * 2.0)) / 4), (0, 0.25)], Named(rule.Rank(pool)));
    }

    [Fact]
    public void ZScore_VerifierWithoutAScale_IsRefusedUnlessItNeverCounts()
    {
        var unscaled = Higher with { RealScale = null };

        Assert.Throws<ArgumentException>(() => new SelectionRule([Higher, unscaled], "z-score"));
        Assert.True(new SelectionRule([unscaled], "z-score").IsAbsolute);
        Assert.True(new SelectionRule([Higher, Lower, unscaled with { HeldOut = true }], "z-score").IsAbsolute);
    }

    [Fact]
    public void Rule_NoVerifierThatSelects_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SelectionRule([Higher with { HeldOut = true }]));

    [Theory]
    [MemberData(nameof(Rules))]
    public void Accepts_CandidateWithoutAScoreItNeeds_TakesNoPart(string ensemble)
    {
        var rule = new SelectionRule([Higher with { IsRequired = true }, Lower, Lower with { HeldOut = true, IsRequired = true }], ensemble);

        Assert.True(rule.Accepts(Scores([1, null, null])));
        Assert.False(rule.Accepts(Scores([null, 1, 1])));
        Assert.False(new SelectionRule([Higher, Lower], ensemble).Accepts(Scores([null, null])));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void HeldOut_WhateverItSays_ChangesNothing(string ensemble) => Prop.ForAll(Pools, scores =>
    {
        var alone = new SelectionRule([Higher, Lower], ensemble);
        var judged = new SelectionRule([Higher, Lower with { HeldOut = true, IsRequired = true }, Lower], ensemble);
        return Named(alone.Rank(Pool(alone, scores)))
            .SequenceEqual(Named(judged.Rank(Pool(judged, scores.Select(of => new[] { of[0], -of[1], of[1] })))));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rank_BetterUnderOneAndEqualUnderTheRest_NeverComesAfter(string ensemble) => Prop.ForAll(Pools, scores =>
    {
        var rule = new SelectionRule([Higher, Lower], ensemble);
        var pool = Pool(rule, [.. scores, [0.25, -0.25], [0.5, -0.25]]);
        var places = rule.Rank(pool).Select(standing => standing.Candidate.Number).ToList();
        return places.IndexOf(scores.Length + 1) < places.IndexOf(scores.Length);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rank_VerifierThatScoredNothing_IsAsIfItWereNotThere(string ensemble) => Prop.ForAll(Pools, scores =>
    {
        var two = new SelectionRule([Higher, Lower], ensemble);
        var three = new SelectionRule([Higher, Lower with { Weight = 50 }, Lower], ensemble);
        return Named(two.Rank(Pool(two, scores)))
            .SequenceEqual(Named(three.Rank(Pool(three, scores.Select(of => new[] { of[0], null, of[1] })))));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rank_SumOfSharedRanks_IsThatOfFullRanksHoweverManyAreMissing() => Prop.ForAll(Pools, scores =>
    {
        var shared = EnsembleRules.All["rank"].OnSharedScale([.. scores.Select(of => of[0])], Higher).OfType<double>().ToArray();
        return shared.Length == 0 || Math.Abs(shared.Average() - ((scores.Length + 1) / 2.0)) < 1e-9;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ZScore_SearchScore_DoesNotDependOnThePool() => Prop.ForAll(Pools, scores =>
    {
        var rule = new SelectionRule([Higher, Lower], "z-score");
        var pool = Pool(rule, scores);
        return rule.Rank(pool).All(standing => rule.Rank([standing.Candidate])[0].SearchScore == standing.SearchScore);
    }).QuickCheckThrowOnFailure();

    private static Arbitrary<double?[][]> Pools =>
        Gen.Choose(-5, 4).Select(value => value == -5 ? (double?)null : value / 4.0).ArrayOf(2).ArrayOf().ToArbitrary();

    private static System.Collections.Immutable.ImmutableArray<VerifierScore> Scores(IEnumerable<double?> scores) =>
        [.. scores.Select((score, v) => new VerifierScore(
            $"v{v}", score is { } value ? new ScoreOutcome.Value(value) : new ScoreOutcome.Missing("down")))];

    private static List<Candidate> Pool(SelectionRule rule, IEnumerable<double?[]> scores) => [.. scores.Select((of, number) => new Candidate
    {
        Number = number,
        Round = 0,
        Start = new SegmentStart.Noise(new NoiseExpression.Draw(NoiseAddress.Of(0, (uint)number))),
        Steps = 5,
        State = rule.Accepts(Scores(of)) ? CandidateState.Scored : CandidateState.Unscored,
        Scores = Scores(of),
    })];

    private static IEnumerable<(int Number, double Score)> Named(IEnumerable<Standing> standings) =>
        standings.Select(standing => (standing.Candidate.Number, standing.SearchScore));
}
