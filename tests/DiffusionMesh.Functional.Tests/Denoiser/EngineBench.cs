using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Functional.Tests.Denoiser;

/// <summary>Turns over trajectories that are stepped without a network.</summary>
internal sealed class EngineBench
{
    public static readonly LatentShape Small = new(1, 8, 8);

    private readonly List<Seat> _chosen = [];

    public Turns Turns { get; } = new();

    /// <summary>Lets a call join whose trajectories are its name and a number.</summary>
    public SampleCall Join(
        string name, int trajectories, int steps = 1000, bool guided = false, LatentShape? shape = null, Lane lane = Lane.Normal, string key = "")
    {
        var call = Call(name, trajectories, steps, guided, shape, new CallTerms { Lane = lane, FairnessKey = key });
        foreach (var seat in call.Seats)
        {
            Turns.Join(seat);
        }

        return call;
    }

    public static SampleCall Call(string name, int trajectories, int steps, bool guided, LatentShape? shape, CallTerms terms)
    {
        var grid = Schedule.All["uniform"].Grid(Form.All["linear-flow"], 1, 0, steps);
        var none = new ConditionEmbedding(0, default);
        return new SampleCall(
            Enumerable.Range(0, trajectories).Select(i => new Trajectory(
                name + i,
                Sampler.All["euler"].Start(new SamplerStart(grid, Prediction.All["velocity"], new float[(shape ?? Small).Elements])),
                shape ?? Small,
                none,
                guided ? none : null,
                new Guidance(2),
                new XPredictionNotes([], keepLast: false),
                steps)),
            terms,
            default);
    }

    public void Leave(SampleCall call)
    {
        foreach (var seat in call.Seats)
        {
            if (seat.Party is not null)
            {
                Turns.Leave(seat);
            }
        }
    }

    /// <summary>One tick: who is in it makes a step.</summary>
    public IReadOnlyList<Seat> TickSeats(int maxRows)
    {
        _chosen.Clear();
        if (Turns.TryNext(out var shape, out _))
        {
            Assert.Equal(Turns.Fill(shape, maxRows, _chosen), _chosen.Sum(seat => seat.Rows));
        }

        foreach (var seat in _chosen)
        {
            seat.Trajectory.Run.Advance(new float[seat.Trajectory.Shape.Elements]);
            if (seat.Trajectory.Run.IsFinished)
            {
                Turns.Leave(seat);
            }
        }

        return _chosen;
    }

    public string[] Tick(int maxRows) => [.. TickSeats(maxRows).Select(seat => seat.Trajectory.Id)];

    public string[][] Ticks(int count, int maxRows) => [.. Enumerable.Range(0, count).Select(_ => Tick(maxRows))];
}
