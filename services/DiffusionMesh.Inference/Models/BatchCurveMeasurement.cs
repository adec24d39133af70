using System.Diagnostics;

namespace DiffusionMesh.Inference.Models;

/// <summary>
/// Measures a <see cref="BatchCurve"/> at 1, 2, 4, 8, ... rows and the most: the shortest of as many rounds as the time
/// allows, the first of which warms up. Where one evaluation outlasts the time, larger ones are not tried.
/// </summary>
internal static class BatchCurveMeasurement
{
    private const int MaxRounds = 20;
    private static readonly TimeSpan Time = TimeSpan.FromMilliseconds(250);

    /// <param name="evaluate">Evaluates so many rows.</param>
    public static BatchCurve Measure(Action<int> evaluate, int maxRows)
    {
        var sizes = Sizes(maxRows);
        var shortest = new double[sizes.Length];
        Array.Fill(shortest, double.PositiveInfinity);
        var measured = sizes.Length;
        var start = Stopwatch.GetTimestamp();
        evaluate(1);
        for (var round = 0; round < MaxRounds && (round == 0 || Stopwatch.GetElapsedTime(start) < Time); round++)
        {
            for (var i = 0; i < measured; i++)
            {
                if (i > 0 && Stopwatch.GetElapsedTime(start) > Time)
                {
                    measured = round == 0 ? i : measured;
                    break;
                }

                var begin = Stopwatch.GetTimestamp();
                evaluate(sizes[i]);
                shortest[i] = Math.Min(shortest[i], Math.Max(Stopwatch.GetElapsedTime(begin).TotalSeconds, 1e-9));
            }
        }

        return new BatchCurve([.. Enumerable.Range(0, measured).Select(i => new BatchPoint(sizes[i], shortest[i]))], maxRows);
    }

    internal static int[] Sizes(int maxRows)
    {
        var sizes = new List<int>();
        for (var rows = 1; rows < maxRows; rows *= 2)
        {
            sizes.Add(rows);
        }

        return [.. sizes, maxRows];
    }
}
