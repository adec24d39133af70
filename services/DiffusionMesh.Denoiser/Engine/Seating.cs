namespace DiffusionMesh.Denoiser.Engine;

/// <summary>Seats trajectories among those that take turns, and keeps the numbers of those that wait up to date.</summary>
internal sealed class Seating(Turns turns, Backlog backlog, EngineMetrics metrics)
{
    /// <summary>Counts a call that joins at the next tick. Any thread may.</summary>
    public void Expect(SampleCall call)
    {
        var rows = 0L;
        foreach (var seat in call.Seats)
        {
            rows += seat.RowsLeft;
        }

        Count(call, call.Seats.Length, rows);
    }

    public void Join(SampleCall call)
    {
        foreach (var seat in call.Seats)
        {
            turns.Join(seat);
        }

        backlog.SetParties(call.Terms.Lane, turns.Parties(call.Terms.Lane));
        var party = call.Seats[^1].Party!;
        call.EndsAt = party.RowsDone + party.RowsLeft;
    }

    /// <summary>Takes note of a trajectory that was advanced.</summary>
    public void Recount(Seat seat)
    {
        var (rows, rowsLeft) = (seat.Rows, seat.RowsLeft);
        seat.Count();
        turns.Recount(seat, rows);
        seat.Party!.Progress(rowsLeft - seat.RowsLeft);
        backlog.Add(seat.Call.Terms.Lane, 0, seat.RowsLeft - rowsLeft);
    }

    /// <summary>Takes a trajectory out that is finished or given up.</summary>
    public void Leave(Seat seat)
    {
        seat.Party!.Progress(seat.RowsLeft);
        turns.Leave(seat);
        backlog.SetParties(seat.Call.Terms.Lane, turns.Parties(seat.Call.Terms.Lane));
        Count(seat.Call, -1, -seat.RowsLeft);
    }

    private void Count(SampleCall call, int trajectories, long rows)
    {
        metrics.Unfinished(call.Terms.Lane, trajectories);
        backlog.Add(call.Terms.Lane, trajectories, rows);
    }
}
