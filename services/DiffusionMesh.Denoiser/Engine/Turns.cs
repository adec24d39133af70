using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>
/// Chooses the trajectories of a tick by start-time fair queueing (Goyal, Vin and Cheng 1996) over network rows: next is
/// the lane that was given least, weighted by its share, and within it the party that was given least. Parties that
/// always have more to do than fits are never further apart than the rows of two evaluations, whether theirs take one row
/// or two. What somebody could not use is not saved up. A choice costs the logarithm of the number of parties and
/// allocates nothing.
/// </summary>
internal sealed class Turns
{
    private readonly LaneTurns[] _lanes = [new(Lane.High), new(Lane.Normal), new(Lane.Low)];
    private readonly List<(LaneTurns Lane, PartyQueue Queue, Party Party)> _aside = [];
    private long _clock;
    private long _tick;

    public int Parties(Lane lane) => _lanes[(int)lane].Parties;

    public void Join(Seat seat)
    {
        var lane = LaneOf(seat);
        if (lane.Rows == 0)
        {
            lane.Served = Math.Max(lane.Served, _clock);
        }

        lane.Join(seat.Call.Terms.FairnessKey.Length > 0 ? seat.Call.Terms.FairnessKey : seat.Call, seat);
    }

    public void Recount(Seat seat, int rowsBefore) => LaneOf(seat).Recount(seat, rowsBefore);

    public void Leave(Seat seat) => LaneOf(seat).Leave(seat);

    /// <summary>The shape of the next tick, and the rows that could be in it.</summary>
    /// <returns>False if nobody waits.</returns>
    public bool TryNext(out LatentShape shape, out int waitingRows)
    {
        (shape, waitingRows) = (default, 0);
        if (NextLane()?.NextShape() is not { } next)
        {
            return false;
        }

        shape = next;
        foreach (var lane in _lanes)
        {
            waitingRows += lane.Queue(shape)?.Rows ?? 0;
        }

        return true;
    }

    /// <param name="shape">Of all the states.</param>
    /// <param name="maxRows">Rows that there is room for; the first trajectory enters in any case.</param>
    /// <param name="chosen">Receives the choice.</param>
    /// <returns>Rows that the choice takes.</returns>
    public int Fill(LatentShape shape, int maxRows, List<Seat> chosen)
    {
        _tick++;
        chosen.Clear();
        var rows = 0;
        Span<int> rowsOfLanes = stackalloc int[_lanes.Length];
        while (rows < maxRows && NextLane(shape) is { } lane)
        {
            var queue = lane.Queue(shape)!;
            var party = queue.Dequeue();
            var seat = party.Next(_tick)!;
            if (rows > 0 && seat.Rows > maxRows - rows)
            {
                _aside.Add((lane, queue, party));
                continue;
            }

            chosen.Add(seat);
            rows += seat.Rows;
            rowsOfLanes[Array.IndexOf(_lanes, lane)] += seat.Rows;
            _clock = Math.Max(_clock, lane.Served);
            lane.Served += seat.Rows * lane.RowCost;
            lane.Turn(party);
            party.Take(seat);
            if (party.Next(_tick) is null)
            {
                _aside.Add((lane, queue, party));
            }
            else
            {
                queue.Enqueue(party);
            }
        }

        Return(rowsOfLanes);
        return rows;
    }

    // Everybody is back in the queues before the next tick; who had nothing left to put into this one saves nothing up.
    private void Return(ReadOnlySpan<int> rowsOfLanes)
    {
        foreach (var (lane, queue, party) in _aside)
        {
            if (party.Next(_tick) is null)
            {
                party.Served = Math.Max(party.Served, lane.Clock);
            }

            queue.Enqueue(party);
        }

        _aside.Clear();
        for (var i = 0; i < _lanes.Length; i++)
        {
            if (rowsOfLanes[i] == _lanes[i].Rows)
            {
                _lanes[i].Served = Math.Max(_lanes[i].Served, _clock);
            }
        }
    }

    private LaneTurns? NextLane(LatentShape shape)
    {
        LaneTurns? least = null;
        foreach (var lane in _lanes)
        {
            if ((least is null || lane.Served < least.Served) && lane.Queue(shape)?.TryPeek(out _) == true)
            {
                least = lane;
            }
        }

        return least;
    }

    private LaneTurns? NextLane()
    {
        LaneTurns? least = null;
        foreach (var lane in _lanes)
        {
            if (lane.Rows > 0 && (least is null || lane.Served < least.Served))
            {
                least = lane;
            }
        }

        return least;
    }

    private LaneTurns LaneOf(Seat seat) => _lanes[(int)seat.Call.Terms.Lane];
}
