namespace DiffusionMesh.Denoiser.Engine;

/// <summary>
/// Calls that take one turn together, such as those of one search. Its trajectories wait in one line: those that came
/// first go first, so that results arrive one after the other instead of all at the end.
/// </summary>
internal sealed class Party(object key, long served)
{
    private readonly LinkedList<Seat> _line = new();
    private LinkedListNode<Seat>? _next;
    private long _tick = -1;

    /// <summary>The fairness key, or the one call that has none.</summary>
    public object Key { get; } = key;

    /// <summary>Rows that it was given, on its lane's clock: who was given least is next.</summary>
    public long Served { get; set; } = served;

    /// <summary>Rows until all of it is finished, an estimate.</summary>
    public long RowsLeft { get; private set; }

    /// <summary>Rows that were done, or need not be done any more.</summary>
    public long RowsDone { get; private set; }

    public bool IsEmpty => _line.Count == 0;

    public void Add(Seat seat)
    {
        _line.AddLast(seat.Place);
        seat.Party = this;
        RowsLeft += seat.RowsLeft;
    }

    public void Remove(Seat seat)
    {
        _line.Remove(seat.Place);
        seat.Party = null;
    }

    public void Progress(long rows)
    {
        RowsLeft -= rows;
        RowsDone += rows;
    }

    /// <summary>The first of the line that is not in this tick yet, or null.</summary>
    public Seat? Next(long tick)
    {
        if (_tick != tick)
        {
            (_tick, _next) = (tick, _line.First);
        }

        return _next?.Value;
    }

    /// <summary>Puts the next one into the tick.</summary>
    public void Take(Seat seat)
    {
        _next = seat.Place.Next;
        Served += seat.Rows;
    }
}
