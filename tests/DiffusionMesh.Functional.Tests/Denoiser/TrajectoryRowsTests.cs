using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Functional.Tests.Denoiser;

/// <summary>What a trajectory takes, told beforehand: deadlines are refused by it.</summary>
public class TrajectoryRowsTests
{
    // Ten steps that begin at 1, .9, ..., .1.
    [Theory]
    [InlineData("euler", 1, 0, 20)]
    [InlineData("euler", 1, .9, 12)]
    [InlineData("euler", .45, 0, 14)]
    [InlineData("heun", 1, 0, 38)]
    public void RowsLeft_GuidanceInterval_CountsTheStepsInside(string sampler, double from, double to, int rows)
    {
        Assert.Equal(rows, Create(sampler, new Guidance(2, FromNoiseLevel: from, ToNoiseLevel: to)).RowsLeft);
    }

    [Fact]
    public void RowsLeft_OfEachStep_FallsByWhatTheStepTakes()
    {
        var trajectory = Create("euler", new Guidance(2, FromNoiseLevel: .8, ToNoiseLevel: .3));
        var (left, taken) = (trajectory.RowsLeft, 0);
        while (!trajectory.Run.IsFinished)
        {
            taken += trajectory.Rows;
            trajectory.Run.Advance(new float[64]);
            Assert.Equal(left - taken, trajectory.RowsLeft);
        }

        Assert.Equal((16, 16), (left, taken));
    }

    private static Trajectory Create(string sampler, Guidance guidance)
    {
        var none = new ConditionEmbedding(0, default);
        var grid = Schedule.All["uniform"].Grid(Form.All["linear-flow"], 1, 0, 10);
        return new Trajectory(
            "a",
            Sampler.All[sampler].Start(new SamplerStart(grid, Prediction.All["velocity"], new float[64])),
            new LatentShape(1, 8, 8),
            none,
            none,
            guidance,
            new XPredictionNotes([], keepLast: false),
            Sampler.All[sampler].Nfe(10, endsAtData: true));
    }
}
