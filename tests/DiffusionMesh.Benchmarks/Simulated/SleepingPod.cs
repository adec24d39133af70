using System.Diagnostics;

namespace DiffusionMesh.Benchmarks.Simulated;

/// <summary>An accelerator that does one thing after the other, without a gap while there is something to do, and leaves the cores to others.</summary>
/// <param name="slowness">How many times as long it takes as it is told.</param>
internal sealed class SleepingPod(double slowness)
{
    private readonly Lock _lock = new();
    private TimeSpan _busyUntil;

    /// <summary>Takes so much more work on.</summary>
    /// <param name="start">Any time stamp, the same for all calls.</param>
    /// <returns>When each piece of it is done, counted from the start.</returns>
    public TimeSpan[] Take(int pieces, TimeSpan each, long start)
    {
        each *= slowness;
        lock (_lock)
        {
            var now = Stopwatch.GetElapsedTime(start);
            var begin = now > _busyUntil ? now : _busyUntil;
            _busyUntil = begin + (each * pieces);
            return [.. Enumerable.Range(1, pieces).Select(piece => begin + (each * piece))];
        }
    }
}
