using System.Diagnostics;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Benchmarks.Simulated;

/// <summary>An accelerator that predicts zeros after the time <c>evaluation + row · rows</c> and leaves the cores to others meanwhile.</summary>
/// <param name="evaluation">What an evaluation takes, however few rows it has.</param>
/// <param name="row">What each row adds.</param>
internal sealed class SimulatedAccelerator(TimeSpan evaluation, TimeSpan row) : IDenoiserNetwork
{
    // Linux wakes a sleeper up some 60 µs late.
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(0.1);

    public void Evaluate(NetworkBatch batch)
    {
        var start = Stopwatch.GetTimestamp();
        var time = evaluation + (row * batch.Rows);
        if (time > Lateness)
        {
            Thread.Sleep((int)(time - Lateness).TotalMilliseconds);
        }

        while (Stopwatch.GetElapsedTime(start) < time)
        {
            Thread.SpinWait(10);
        }
    }

    public void Dispose()
    {
    }
}
