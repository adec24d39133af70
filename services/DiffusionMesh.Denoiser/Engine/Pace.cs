namespace DiffusionMesh.Denoiser.Engine;

/// <summary>What ticks take: a running mean.</summary>
internal sealed class Pace(int maxRows)
{
    private const double Memory = .9;

    private double _tick;
    private double _row;
    private double _fastestTick = double.PositiveInfinity;
    private double _fastestRow = double.PositiveInfinity;

    /// <summary>Rows that the next tick should take when so many wait.</summary>
    public int BestRows(int waiting) => Math.Clamp(waiting, 1, maxRows);

    /// <summary>Seconds of a tick when so many rows wait.</summary>
    public double Tick(int waiting) => Volatile.Read(ref _tick);

    /// <summary>Seconds of a tick for each of its rows when so many wait.</summary>
    public double Row(int waiting) => Volatile.Read(ref _row);

    /// <summary>No tick takes less.</summary>
    public double FastestTick => Volatile.Read(ref _fastestTick) is var fastest && double.IsFinite(fastest) ? fastest : 0;

    /// <summary>No row takes less.</summary>
    public double FastestRow => Volatile.Read(ref _fastestRow) is var fastest && double.IsFinite(fastest) ? fastest : 0;

    /// <summary>Takes note of a tick. For the engine's thread alone.</summary>
    public void Observe(int rows, double seconds)
    {
        Volatile.Write(ref _tick, Mean(_tick, seconds));
        Volatile.Write(ref _row, Mean(_row, seconds / rows));
        Volatile.Write(ref _fastestTick, Math.Min(_fastestTick, seconds));
        Volatile.Write(ref _fastestRow, Math.Min(_fastestRow, seconds / rows));
    }

    private static double Mean(double mean, double seconds) => mean == 0 ? seconds : (Memory * mean) + ((1 - Memory) * seconds);
}
