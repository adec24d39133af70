using DiffusionMesh.Contracts;
using Grpc.Core;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>How long things will take: every step takes the same time, so that it can be known.</summary>
internal sealed class Forecast(Backlog backlog, Pace pace)
{
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(60);

    /// <summary>Until a call is finished that is about to join.</summary>
    public TimeSpan TimeLeftBefore(SampleCall call)
    {
        var (rows, chain) = Size(call);
        return Estimate(call.Terms.Lane, rows, chain, backlog.RowsOf(call.Terms.Lane), backlog.PartiesOf(call.Terms.Lane));
    }

    /// <summary>Until a call is finished that has joined. For the engine's thread alone.</summary>
    public TimeSpan TimeLeft(SampleCall call)
    {
        var (last, lane) = (call.LastUnfinished, call.Terms.Lane);
        var rows = Math.Max(last.RowsLeft, call.EndsAt - (last.Party?.RowsDone ?? call.EndsAt));
        return Estimate(lane, rows, last.Trajectory.EvaluationsLeft, backlog.RowsOf(lane) - rows, backlog.PartiesOf(lane) - 1);
    }

    /// <summary>
    /// The least time that a call can take: its longest trajectory at the fastest tick, one evaluation after the other, and
    /// its rows and those of its equals that have their turns meanwhile at the fastest rate.
    /// </summary>
    public TimeSpan AtLeast(SampleCall call)
    {
        var (_, chain) = Size(call);
        var evaluations = 0L;
        foreach (var seat in call.Seats)
        {
            evaluations += seat.Trajectory.EvaluationsLeft;
        }

        var lane = call.Terms.Lane;
        var rows = Backlog.RowsUntilInLane(evaluations, backlog.RowsOf(lane), backlog.PartiesOf(lane));
        return TimeSpan.FromSeconds(Math.Max(chain * pace.FastestTick, rows * pace.FastestRow));
    }

    /// <summary>Until so many of those that wait are finished.</summary>
    public TimeSpan RoomFor(int trajectories)
    {
        var waiting = Math.Max(1, backlog.Trajectories);
        var seconds = (double)backlog.Rows / waiting * Math.Min(trajectories, waiting) * pace.Row(waiting);
        return TimeSpan.FromSeconds(Math.Clamp(seconds, ShortestRetry.TotalSeconds, LongestRetry.TotalSeconds));
    }

    /// <exception cref="RpcException">DEADLINE_EXCEEDED: the call cannot be finished in the time that it has.</exception>
    public void RequirePossible(SampleCall call, TimeSpan available)
    {
        var atLeast = AtLeast(call);
        if (atLeast > available)
        {
            throw RpcErrors.DeadlineCannotBeMet(atLeast, available);
        }
    }

    private static (long Rows, int Chain) Size(SampleCall call)
    {
        var (rows, chain) = (0L, 0);
        foreach (var seat in call.Seats)
        {
            rows += seat.RowsLeft;
            chain = Math.Max(chain, seat.Trajectory.EvaluationsLeft);
        }

        return (rows, chain);
    }

    private TimeSpan Estimate(Lane lane, long own, int chain, long others, int otherParties)
    {
        var waiting = Math.Max(1, backlog.Trajectories);
        var rows = backlog.RowsUntil(lane, own, others, Math.Max(0, otherParties));
        return TimeSpan.FromSeconds(Math.Max(chain * pace.Tick(waiting), rows * pace.Row(waiting)));
    }
}
