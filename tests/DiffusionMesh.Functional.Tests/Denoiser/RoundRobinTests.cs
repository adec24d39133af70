using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Functional.Tests.Denoiser;

public class RoundRobinTests
{
    private static readonly LatentShape Small = new(1, 8, 8);

    [Fact]
    public void Choose_ManyCalls_EachGetsItsShare()
    {
        SampleCall[] calls = [Call("a", 100), Call("b", 100), Call("c", 2)];

        Assert.Equal(["a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2"], Choose(new RoundRobin(), calls, 8));
    }

    [Fact]
    public void Choose_TickByTick_AnotherCallBegins()
    {
        SampleCall[] calls = [Call("a", 9), Call("b", 9), Call("c", 9)];
        var turns = new RoundRobin();

        Assert.Equal([["a0", "b0"], ["b0", "c0"], ["c0", "a0"], ["a0", "b0"]], Enumerable.Range(0, 4).Select(_ => Choose(turns, calls, 2)));
    }

    [Fact]
    public void Choose_GuidedTrajectories_TakeTwoRows()
    {
        Assert.Equal(["a0", "a1", "a2"], Choose(new RoundRobin(), [Call("a", 9, guided: true)], 7));
        Assert.Equal(["a0", "b0", "b1"], Choose(new RoundRobin(), [Call("a", 9, guided: true), Call("b", 9)], 4));
    }

    [Fact]
    public void Choose_OtherShape_WaitsForItsTurn()
    {
        SampleCall[] calls = [Call("a", 2), Call("b", 2, shape: new LatentShape(1, 16, 8)), Call("c", 1)];
        var turns = new RoundRobin();

        Assert.Equal([["a0", "c0", "a1"], ["b0", "b1"]], Enumerable.Range(0, 2).Select(_ => Choose(turns, calls, 8)));
    }

    [Fact]
    public void Choose_NoCall_ChoosesNothing()
    {
        Assert.Empty(Choose(new RoundRobin(), [], 8));
    }

    private static string[] Choose(RoundRobin turns, SampleCall[] calls, int maxRows)
    {
        var chosen = new List<(SampleCall Call, Trajectory Trajectory)>();
        var rows = turns.Choose(calls, maxRows, chosen);
        Assert.Equal(rows, chosen.Sum(pair => pair.Trajectory.Rows));
        return [.. chosen.Select(pair => pair.Trajectory.Id)];
    }

    private static SampleCall Call(string name, int trajectories, bool guided = false, LatentShape? shape = null)
    {
        var grid = Schedule.All["uniform"].Grid(Form.All["linear-flow"], 1, 0, 4);
        var none = new ConditionEmbedding(0, default);
        return new SampleCall(
            Enumerable.Range(0, trajectories).Select(i => new Trajectory(
                name + i,
                Sampler.All["euler"].Start(new SamplerStart(grid, Prediction.All["velocity"], new float[(shape ?? Small).Elements])),
                shape ?? Small,
                none,
                guided ? none : null,
                new Guidance(2),
                new XPredictionNotes([], keepLast: false))),
            0,
            default);
    }
}
