using DiffusionMesh.Search.Algorithms;

namespace DiffusionMesh.Search.Tests.Algorithms;

public sealed class LevelGridTests
{
    [Fact]
    public void Split_StepsThatDivide_GivesEqualLegs() => Assert.Equal(
        [new Leg(2, 1, .75), new Leg(2, .75, .5), new Leg(2, .5, .25), new Leg(2, .25, 0)],
        LevelGrid.Split(8, 4).ToArray());

    [Fact]
    public void Split_StepsThatDoNotDivide_MeetsWhereStepsEnd() => Assert.Equal(
        [new Leg(3, 1, .7), new Leg(3, .7, .4), new Leg(4, .4, 0)],
        LevelGrid.Split(10, 3).ToArray());

    [Fact]
    public void Split_AnyRun_CoversItOnce()
    {
        for (var steps = 1; steps <= 30; steps++)
        {
            for (var legs = 1; legs <= 35; legs++)
            {
                var grid = LevelGrid.Split(steps, legs);

                Assert.Equal(Math.Min(steps, legs), grid.Length);
                Assert.Equal(steps, grid.Sum(leg => leg.Steps));
                Assert.All(grid, leg => Assert.True(leg.Steps >= 1 && leg.FromLevel > leg.ToLevel));
                Assert.Equal(grid.Skip(1).Select(leg => leg.FromLevel), grid.SkipLast(1).Select(leg => leg.ToLevel));
                Assert.Equal((1, 0), (grid[0].FromLevel, grid[^1].ToLevel));
            }
        }
    }
}
