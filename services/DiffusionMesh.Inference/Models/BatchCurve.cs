namespace DiffusionMesh.Inference.Models;

/// <summary>
/// How long an evaluation takes by its number of rows, at the trained resolution. Between measured points time is taken
/// to grow linearly, beyond the last one at its time per row.
/// </summary>
public sealed class BatchCurve
{
    // How many full batches the plan looks ahead; more rows than that are not worth splitting finely.
    private const int PlannedBatches = 4;

    private readonly double[] _seconds;
    private readonly int[] _best;

    /// <param name="points">Measured, in ascending order of rows; empty if nothing is known.</param>
    /// <param name="maxRows">Most rows in one evaluation.</param>
    public BatchCurve(IReadOnlyList<BatchPoint> points, int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        for (var i = 0; i < points.Count; i++)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(points[i].Rows, i == 0 ? 0 : points[i - 1].Rows, nameof(points));
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(points[i].Seconds, nameof(points));
        }

        (Points, MaxRows) = (points, maxRows);
        _seconds = [.. Enumerable.Range(0, maxRows + 1).Select(rows => Interpolate(points, rows))];
        _best = points.Count == 0 ? [] : Plan();
    }

    /// <summary>What was measured; empty if nothing was.</summary>
    public IReadOnlyList<BatchPoint> Points { get; }

    /// <summary>Most rows in one evaluation.</summary>
    public int MaxRows { get; }

    /// <summary>How many of the waiting rows the next evaluation should take so that all of them are through soonest.</summary>
    /// <returns>1 to <see cref="MaxRows"/>; as many as fit if nothing was measured.</returns>
    public int BestRows(int waiting)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(waiting, 1);
        return _best.Length == 0 ? Math.Min(waiting, MaxRows) : _best[Math.Min(waiting, _best.Length - 1)];
    }

    /// <summary>Time of an evaluation of 1 to <see cref="MaxRows"/> rows; null if nothing was measured.</summary>
    public double? SecondsPerTick(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, MaxRows);
        return Points.Count == 0 ? null : _seconds[rows];
    }

    private static double Interpolate(IReadOnlyList<BatchPoint> points, int rows)
    {
        if (points.Count == 0 || rows == 0)
        {
            return 0;
        }

        for (var i = 0; i < points.Count; i++)
        {
            if (rows <= points[i].Rows)
            {
                var (low, high) = (points[Math.Max(0, i - 1)], points[i]);
                return low == high ? high.Seconds : low.Seconds + ((high.Seconds - low.Seconds) * (rows - low.Rows) / (high.Rows - low.Rows));
            }
        }

        return points[^1].Seconds * rows / points[^1].Rows;
    }

    /// <summary>
    /// The shortest way to evaluate so and so many rows, by dynamic programming over the first evaluation's size. As time is
    /// linear between the points, rows can be moved between two evaluations that are off the points without loss until one
    /// is on a point: so all sizes but one are points, and it is enough to try those and "all that is left".
    /// </summary>
    private int[] Plan()
    {
        int[] sizes = [.. Points.Select(point => point.Rows).Append(MaxRows).Where(rows => rows <= MaxRows).Distinct().OrderDescending()];
        var total = new double[(PlannedBatches * MaxRows) + 1];
        var best = new int[total.Length];
        for (var waiting = 1; waiting < total.Length; waiting++)
        {
            total[waiting] = double.PositiveInfinity;
            if (waiting <= MaxRows)
            {
                (total[waiting], best[waiting]) = (_seconds[waiting], waiting);
            }

            foreach (var size in sizes)
            {
                if (size < waiting && total[waiting - size] + _seconds[size] < total[waiting])
                {
                    (total[waiting], best[waiting]) = (total[waiting - size] + _seconds[size], size);
                }
            }
        }

        // Ever more rows: the size with the least time per row.
        best[^1] = sizes.MinBy(size => _seconds[size] / size);
        return best;
    }
}

/// <summary>A measured point of a <see cref="BatchCurve"/>.</summary>
/// <param name="Rows">Rows of the evaluation.</param>
/// <param name="Seconds">Its shortest time.</param>
public readonly record struct BatchPoint(int Rows, double Seconds);
