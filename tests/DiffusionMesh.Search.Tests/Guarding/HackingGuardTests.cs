using DiffusionMesh.Search.Guarding;

namespace DiffusionMesh.Search.Tests.Guarding;

public sealed class HackingGuardTests
{
    [Fact]
    public void Judge_Rounds_ShowMeansGapAndDiversity()
    {
        var guard = new HackingGuard();

        var first = guard.Judge(0, [Survivor(1, 0.5, 0), Survivor(2, 1.5, 255)]);
        var second = guard.Judge(1, [Survivor(2, 0.5, 0), Survivor(3, 0.5, 0), Survivor(4, null, 51)]);

        Assert.Equal(new HackingRound(0, 1.5, 1, 0, 1, false), first);
        Assert.Equal(new HackingRound(1, 3, 0.5, 2, 2 / 15.0, true), second! with { Diversity = Math.Round(second.Diversity * 15) / 15 });
        Assert.Equal<HackingRound?>([first, second], guard.Rounds);
    }

    [Theory]
    [InlineData(2, 0, true)]
    [InlineData(2, 1, false)]
    [InlineData(1, 0, false)]
    [InlineData(0, 0, false)]
    public void Judge_Warning_IsWhereTheOneRoseAndTheOtherFell(double searched, double heldOut, bool warning)
    {
        var guard = new HackingGuard();
        guard.Judge(0, [Survivor(1, 1)]);

        Assert.Equal(warning, guard.Judge(1, [Survivor(searched, heldOut)])!.Warning);
    }

    [Fact]
    public void Judge_NoSurvivorThatWasJudged_ShowsNothing()
    {
        var guard = new HackingGuard();

        Assert.Null(guard.Judge(0, []));
        Assert.Null(guard.Judge(1, [Survivor(1, null)]));
        Assert.Empty(guard.Rounds);
    }

    [Fact]
    public void Judge_OneSurvivor_HasNoDiversityAndFindsNothing()
    {
        var guard = new HackingGuard();
        for (var round = 0; round < 20; round++)
        {
            Assert.Equal(0, guard.Judge(round, [Survivor(round, -round)])!.Diversity);
        }

        Assert.False(guard.HasFound);
    }

    [Fact]
    public void HasFound_JudgeFallsAndStaysDown_OnlyAfterThePatience()
    {
        var guard = new HackingGuard();
        for (var round = 0; round < HackingGuard.Patience; round++)
        {
            Look(guard, round, searched: round, heldOut: -2 * round);
            Assert.False(guard.HasFound);
        }

        Look(guard, HackingGuard.Patience, searched: 9, heldOut: -9);
        Assert.True(guard.HasFound);
    }

    [Fact]
    public void HasFound_JudgeComesBackUp_BeginsTheCountAnew()
    {
        var guard = new HackingGuard();
        for (var round = 0; round < 30; round++)
        {
            Look(guard, round, searched: round, heldOut: round % HackingGuard.Patience == 0 ? 0 : -5);
        }

        Assert.False(guard.HasFound);
    }

    [Fact]
    public void HasFound_SearchThatFindsNothingBetter_IsNoHacking()
    {
        var guard = new HackingGuard();
        Look(guard, 0, searched: 0, heldOut: 0);
        Look(guard, 1, searched: 1, heldOut: -5);
        for (var round = 2; round < 20; round++)
        {
            Look(guard, round, searched: 1, heldOut: -5);
        }

        Assert.False(guard.HasFound);
    }

    [Fact]
    public void Judge_FromDraftsToFinishedSamples_IsNoFall()
    {
        var guard = new HackingGuard();
        Look(guard, 0, searched: 0, heldOut: 5, isFinished: false);

        Look(guard, 1, searched: 1, heldOut: 0);
        Look(guard, 2, searched: 2, heldOut: 0);

        Assert.DoesNotContain(guard.Rounds, round => round.Warning);
    }

    // 40 rounds of 8 candidates, whose held-out scores are correlated with the searched ones.
    [Theory]
    [InlineData(0.3, 0, 2)]
    [InlineData(0, 0, 20)]
    [InlineData(-0.6, 140, 180)]
    [InlineData(-0.9, 196, 200)]
    public void HasFound_InTwoHundredSearches_GrowsAsTheJudgeDisagrees(double correlation, int least, int most)
    {
        var random = new Random(1);
        var found = 0;
        for (var search = 0; search < 200; search++)
        {
            var guard = new HackingGuard();
            var pool = new List<Survivor>();
            for (var round = 0; round < 40 && !guard.HasFound; round++)
            {
                pool.AddRange(Enumerable.Range(0, 8).Select(_ => Drawn(random, correlation)));
                guard.Judge(round, [.. pool.OrderByDescending(survivor => survivor.Searched).Take(HackingGuard.MaxSurvivors)]);
            }

            found += guard.HasFound ? 1 : 0;
        }

        Assert.InRange(found, least, most);
    }

    // Eight survivors whose spread is small against the moves.
    private static void Look(HackingGuard guard, int round, double searched, double heldOut, bool isFinished = true) =>
        guard.Judge(round, [.. Enumerable.Range(0, 8).Select(i => Survivor(searched, heldOut + (i * 0.1), isFinished: isFinished))]);

    private static Survivor Survivor(double searched, double? heldOut, byte pixel = 0, bool isFinished = true) =>
        new(searched, heldOut, isFinished, new SampleImage(new[] { pixel }, 1, 1, 1));

    private static Survivor Drawn(Random random, double correlation)
    {
        var searched = Normal(random);
        return Survivor(searched, (correlation * searched) + (Math.Sqrt(1 - (correlation * correlation)) * Normal(random)));
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
