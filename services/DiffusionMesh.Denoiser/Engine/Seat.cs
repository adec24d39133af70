namespace DiffusionMesh.Denoiser.Engine;

/// <summary>A trajectory's place in the engine: whose it is, where it waits and how it was counted.</summary>
internal sealed class Seat
{
    private long _begun;

    public Seat(SampleCall call, Trajectory trajectory)
    {
        (Call, Trajectory) = (call, trajectory);
        Place = new LinkedListNode<Seat>(this);
        Count();
    }

    public SampleCall Call { get; }

    public Trajectory Trajectory { get; }

    /// <summary>In the line of <see cref="Party"/>.</summary>
    public LinkedListNode<Seat> Place { get; }

    /// <summary>Who it waits with; null unless it is in the engine.</summary>
    public Party? Party { get; set; }

    /// <summary>Rows of the next evaluation, as they were counted last.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows until the end, as they were counted last.</summary>
    public int RowsLeft { get; private set; }

    /// <summary>Counts again after a step.</summary>
    public void Count()
    {
        Rows = Trajectory.Run.IsFinished ? 0 : Trajectory.Rows;
        RowsLeft = Trajectory.RowsLeft;
    }

    /// <summary>Notes the beginning of its first evaluation.</summary>
    public void Begin(long now) => _begun = _begun == 0 ? now : _begun;

    /// <summary>Ticks of the clock until the trajectory is finished, if it goes on as it went so far. After a step.</summary>
    public long TimeLeft(long now) => (long)((now - _begun) / (double)Math.Max(1, Trajectory.Run.Nfe) * Trajectory.EvaluationsLeft);
}
