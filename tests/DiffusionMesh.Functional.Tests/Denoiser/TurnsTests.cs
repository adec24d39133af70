using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Functional.Tests.Denoiser;

public class TurnsTests
{
    private readonly EngineBench _bench = new();

    [Fact]
    public void Fill_ManyCalls_EachGetsItsShare()
    {
        _bench.Join("a", 100);
        _bench.Join("b", 100);
        _bench.Join("c", 2);

        Assert.Equal(["a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2"], _bench.Tick(8));
    }

    [Fact]
    public void Fill_TickByTick_TurnsGoOnWhereTheyStopped()
    {
        _bench.Join("a", 9);
        _bench.Join("b", 9);
        _bench.Join("c", 9);

        Assert.Equal([["a0", "b0"], ["c0", "a0"], ["b0", "c0"], ["a0", "b0"]], _bench.Ticks(4, 2));
    }

    [Fact]
    public void Fill_OneCall_FirstTrajectoriesGoFirst()
    {
        _bench.Join("a", 3, steps: 2);

        Assert.Equal([["a0", "a1"], ["a0", "a1"], ["a2"], ["a2"], []], _bench.Ticks(5, 2));
    }

    [Fact]
    public void Fill_OneKey_TakesOneTurn()
    {
        _bench.Join("a", 50, key: "search");
        _bench.Join("b", 50, key: "search");
        _bench.Join("c", 50);

        var served = Served(_bench.Ticks(20, 8));

        Assert.Equal((80, 80), (served['a'] + served.GetValueOrDefault('b'), served['c']));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 7)]
    [InlineData(5, 8)]
    [InlineData(8, 32)]
    public void Fill_PartiesThatNeverRunOut_StayWithinTwoEvaluationsInRows(int parties, int maxRows)
    {
        for (var party = 0; party < parties; party++)
        {
            _bench.Join(Name(party), 100, guided: party % 2 == 0);
        }

        var rows = new int[parties];
        for (var tick = 0; tick < 200; tick++)
        {
            foreach (var seat in _bench.TickSeats(maxRows))
            {
                rows[seat.Trajectory.Id[0] - 'a'] += seat.Trajectory.Rows;
            }

            Assert.InRange(rows.Max() - rows.Min(), 0, 4);
        }
    }

    [Fact]
    public void Fill_PartyThatRunsOutInEveryTick_SavesNothingUp()
    {
        _bench.Join("a", 100);
        _bench.Join("b", 1, key: "small");
        _bench.Ticks(50, 8);
        _bench.Join("c", 100, key: "small");

        var served = Served(_bench.Ticks(10, 8));

        Assert.InRange(served['a'], 38, 42);
    }

    [Fact]
    public void Fill_PartyThatComesBack_SavedNothingUp()
    {
        _bench.Join("a", 100, steps: 1000);
        _bench.Join("b", 1, steps: 1, key: "search");
        _bench.Ticks(100, 8);
        _bench.Join("c", 100, key: "search");

        var served = Served(_bench.Ticks(10, 8));

        Assert.InRange(served['a'], 38, 42);
    }

    [Fact]
    public void Fill_AllLanesBusy_ShareAsTheyShould()
    {
        _bench.Join("l", 100, lane: Lane.Low);
        _bench.Join("n", 100);
        _bench.Join("h", 100, lane: Lane.High);

        var served = Served(_bench.Ticks(210, 2));

        Assert.InRange(served['h'], 318, 322);
        Assert.InRange(served['n'], 78, 82);
        Assert.InRange(served['l'], 19, 21);
    }

    [Fact]
    public void Fill_UrgentCallArrives_IsInTheNextTick()
    {
        _bench.Join("n", 100);
        _bench.Ticks(10, 8);
        _bench.Join("h", 1, lane: Lane.High);

        Assert.All(_bench.Ticks(4, 8), tick => Assert.Contains("h0", tick));
    }

    [Fact]
    public void Fill_ManyPartiesInALane_LeaveTheOtherLaneItsShare()
    {
        for (var i = 0; i < 10; i++)
        {
            _bench.Join("h", 100, lane: Lane.High);
        }

        _bench.Join("l", 100, lane: Lane.Low);

        Assert.InRange(Served(_bench.Ticks(170, 8))['l'], 78, 82);
    }

    [Fact]
    public void Fill_OddRowsAndGuidedTrajectories_FillsTheRowThatIsLeft()
    {
        _bench.Join("a", 9, guided: true);
        Assert.Equal(["a0", "a1", "a2"], _bench.Tick(7));

        _bench.Join("b", 9);
        Assert.Equal(7, _bench.TickSeats(7).Sum(seat => seat.Trajectory.Rows));
    }

    [Fact]
    public void Fill_RoomForLessThanAnEvaluation_TakesOne()
    {
        _bench.Join("a", 9, guided: true);

        Assert.Equal(["a0"], _bench.Tick(1));
    }

    [Fact]
    public void Fill_OtherShapes_HaveTheirShareInTicksOfTheirOwn()
    {
        _bench.Join("a", 100);
        _bench.Join("b", 100, shape: new LatentShape(1, 16, 8));
        _bench.Join("c", 100);

        var ticks = _bench.Ticks(300, 8);

        Assert.All(ticks, tick => Assert.Single(tick.Select(id => id[0] == 'b').Distinct()));
        var served = Served(ticks);
        Assert.InRange(served['a'], 784, 816);
        Assert.InRange(served['b'], 784, 816);
        Assert.InRange(served['c'], 784, 816);
    }

    [Fact]
    public void TryNext_NobodyWaits_IsFalse()
    {
        _bench.Join("a", 2, steps: 1);
        _bench.Ticks(1, 8);

        Assert.False(_bench.Turns.TryNext(out _, out _));
    }

    [Fact]
    public void TryNext_CountsRowsOfTheShape()
    {
        _bench.Join("a", 3, guided: true);
        _bench.Join("b", 4, shape: new LatentShape(1, 16, 8));
        _bench.Join("c", 5, lane: Lane.Low);

        Assert.True(_bench.Turns.TryNext(out var shape, out var rows));
        Assert.Equal((EngineBench.Small, 11), (shape, rows));
    }

    [Fact]
    public void Leave_WhileOthersWait_TheyGoOn()
    {
        var call = _bench.Join("a", 3);
        _bench.Join("b", 1);
        _bench.Tick(1);

        _bench.Leave(call);

        Assert.Equal([["b0"], ["b0"]], _bench.Ticks(2, 8));
        Assert.Equal(1, _bench.Turns.Parties(Lane.Normal));
    }

    private static string Name(int party) => ((char)('a' + party)).ToString();

    private static Dictionary<char, int> Served(string[][] ticks) =>
        ticks.SelectMany(tick => tick).GroupBy(id => id[0]).ToDictionary(group => group.Key, group => group.Count());
}
