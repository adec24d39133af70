using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>One lane: its parties by the shape of their states.</summary>
internal sealed class LaneTurns(Lane lane)
{
    private readonly Dictionary<LatentShape, PartyQueue> _queues = [];

    public long RowCost { get; } = Lanes.RowCost(lane);

    /// <summary>What the lane was given, on the clock of the lanes.</summary>
    public long Served { get; set; }

    /// <summary>How far the parties of the lane are.</summary>
    public long Clock { get; private set; }

    /// <summary>Rows that its next evaluations take together.</summary>
    public int Rows { get; private set; }

    public int Parties { get; private set; }

    public PartyQueue? Queue(LatentShape shape) => _queues.GetValueOrDefault(shape);

    public void Join(object key, Seat seat)
    {
        var shape = seat.Trajectory.Shape;
        if (!_queues.TryGetValue(shape, out var queue))
        {
            _queues[shape] = queue = new PartyQueue();
        }

        Parties -= queue.Parties;
        queue.Join(key, Clock).Add(seat);
        Parties += queue.Parties;
        AddRows(queue, seat.Rows);
    }

    /// <summary>Counts a trajectory that made a step.</summary>
    public void Recount(Seat seat, int rowsBefore) => AddRows(_queues[seat.Trajectory.Shape], seat.Rows - rowsBefore);

    public void Leave(Seat seat)
    {
        var queue = _queues[seat.Trajectory.Shape];
        var party = seat.Party!;
        party.Remove(seat);
        AddRows(queue, -seat.Rows);
        if (party.IsEmpty)
        {
            queue.Leave(party);
            Parties--;
        }

        if (queue.IsEmpty)
        {
            _queues.Remove(seat.Trajectory.Shape);
        }
    }

    /// <summary>The shape of the party that is next.</summary>
    public LatentShape? NextShape()
    {
        (LatentShape? shape, var least) = (null, long.MaxValue);
        foreach (var (candidate, queue) in _queues)
        {
            if (queue.TryPeek(out var party) && party.Served < least)
            {
                (shape, least) = (candidate, party.Served);
            }
        }

        return shape;
    }

    /// <summary>A party's turn begins.</summary>
    public void Turn(Party party) => Clock = Math.Max(Clock, party.Served);

    private void AddRows(PartyQueue queue, int rows)
    {
        queue.Rows += rows;
        Rows += rows;
    }
}
