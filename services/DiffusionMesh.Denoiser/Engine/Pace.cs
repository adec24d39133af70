using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>
/// What ticks take: the curve that was measured when the model was loaded, times a running mean of how much longer or
/// shorter ticks are now. Without a curve every tick takes the mean, whatever its rows. Read by every thread, written by
/// the engine's.
/// </summary>
internal sealed class Pace
{
    private const double Memory = .9;

    // The machine may have been busy while the curve was measured.
    private const double UnseenHaste = .5;

    // Splitting what would fit into one tick must pay clearly: to measured times something always clings.
    private const double SplitGain = 1.2;

    private readonly BatchCurve _curve;
    private readonly int[] _bestRows;
    private readonly double _shortestTick;
    private readonly double _shortestRow;
    private double _drift;
    private double _haste;
    private bool _hasSeen;

    public Pace(BatchCurve curve)
    {
        _curve = curve;
        _bestRows = [.. Enumerable.Range(0, curve.MaxRows + 1).Select(Plan)];
        var isMeasured = curve.Points.Count > 0;
        (_drift, _haste) = isMeasured ? (1, UnseenHaste) : (0, 0);
        var rows = Enumerable.Range(1, curve.MaxRows).ToArray();
        (_shortestTick, _shortestRow) = (rows.Min(Seconds), rows.Min(count => Seconds(count) / count));
    }

    /// <summary>No tick takes less seconds.</summary>
    public double FastestTick => _shortestTick * Volatile.Read(ref _haste);

    /// <summary>No row takes less seconds.</summary>
    public double FastestRow => _shortestRow * Volatile.Read(ref _haste);

    /// <summary>Rows that the next tick should take when so many wait.</summary>
    public int BestRows(int waiting) =>
        waiting < _bestRows.Length ? _bestRows[Math.Max(1, waiting)] : _curve.BestRows(waiting);

    /// <summary>Seconds of a tick when so many rows wait.</summary>
    public double Tick(int waiting) => Seconds(BestRows(waiting)) * Volatile.Read(ref _drift);

    /// <summary>Seconds of a tick for each of its rows when so many wait.</summary>
    public double Row(int waiting) => Tick(waiting) / BestRows(waiting);

    /// <summary>Takes note of a tick.</summary>
    public void Observe(int rows, double seconds)
    {
        var drift = seconds / Seconds(rows);
        Volatile.Write(ref _drift, _hasSeen ? (Memory * _drift) + ((1 - Memory) * drift) : drift);
        Volatile.Write(ref _haste, Math.Min(_hasSeen ? _haste : 1, drift));
        _hasSeen = true;
    }

    private int Plan(int waiting)
    {
        if (waiting == 0)
        {
            return 0;
        }

        var split = 0.0;
        for (var left = waiting; left > 0; left -= _curve.BestRows(left))
        {
            split += Seconds(_curve.BestRows(left));
        }

        return Seconds(waiting) <= SplitGain * split ? waiting : _curve.BestRows(waiting);
    }

    private double Seconds(int rows) => _curve.SecondsPerTick(Math.Min(rows, _curve.MaxRows)) ?? 1;
}
