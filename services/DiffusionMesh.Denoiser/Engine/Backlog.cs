namespace DiffusionMesh.Denoiser.Engine;

/// <summary>
/// What waits in each lane, kept up to date without a lock: a call that arrives looks at it while the engine works. The
/// numbers of one moment need not fit together to the last row.
/// </summary>
internal sealed class Backlog
{
    private readonly int[] _trajectories = new int[Lanes.All.Length];
    private readonly int[] _parties = new int[Lanes.All.Length];
    private readonly long[] _rows = new long[Lanes.All.Length];

    /// <summary>Trajectories that were accepted and are neither finished nor cancelled.</summary>
    public int Trajectories
    {
        get
        {
            var sum = 0;
            foreach (var lane in Lanes.All)
            {
                sum += Volatile.Read(ref _trajectories[(int)lane]);
            }

            return sum;
        }
    }

    /// <summary>Rows until all of them are finished.</summary>
    public long Rows
    {
        get
        {
            var sum = 0L;
            foreach (var lane in Lanes.All)
            {
                sum += RowsOf(lane);
            }

            return sum;
        }
    }

    public void Add(Lane lane, int trajectories, long rows)
    {
        Interlocked.Add(ref _trajectories[(int)lane], trajectories);
        Interlocked.Add(ref _rows[(int)lane], rows);
    }

    public void SetParties(Lane lane, int parties) => Volatile.Write(ref _parties[(int)lane], parties);

    public long RowsOf(Lane lane) => Volatile.Read(ref _rows[(int)lane]);

    public int PartiesOf(Lane lane) => Volatile.Read(ref _parties[(int)lane]);

    /// <summary>Rows that are evaluated until a party has had its own, when everybody takes turns.</summary>
    /// <param name="lane">Of the party.</param>
    /// <param name="own">Rows that the party waits for.</param>
    /// <param name="others">Rows of the others in its lane.</param>
    /// <param name="otherParties">How many others there are.</param>
    public double RowsUntil(Lane lane, long own, long others, int otherParties)
    {
        var ofLane = RowsUntilInLane(own, others, otherParties);
        var all = ofLane;
        foreach (var other in Lanes.All)
        {
            all += other == lane ? 0 : Math.Min(RowsOf(other), ofLane * Lanes.Share(other) / Lanes.Share(lane));
        }

        return all;
    }

    /// <summary>As <see cref="RowsUntil"/>, as if the other lanes were empty.</summary>
    public static double RowsUntilInLane(long own, long others, int otherParties) => own + Math.Min(Math.Max(0, others), (double)own * otherParties);
}
