using System.Diagnostics;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Benchmarks.Simulated;

/// <summary>An accelerator that predicts zeros after the time <c>evaluation + row · rows</c> and leaves the cores to others meanwhile.</summary>
/// <param name="evaluation">What an evaluation takes, however few rows it has.</param>
/// <param name="row">What each row adds.</param>
internal sealed class SimulatedAccelerator(TimeSpan evaluation, TimeSpan row) : IDenoiserNetwork
{
    /// <summary>What an evaluation really takes: Linux wakes a sleeper up somewhat late.</summary>
    public static TimeSpan Measure(TimeSpan evaluation)
    {
        const int Evaluations = 20;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Evaluations; i++)
        {
            Pass(evaluation);
        }

        return Stopwatch.GetElapsedTime(start) / Evaluations;
    }

    public void Evaluate(NetworkBatch batch) => Pass(evaluation + (row * batch.Rows));

    public void Dispose()
    {
    }

    // Sleeps whole milliseconds and spins for the rest.
    private static void Pass(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        if (time.TotalMilliseconds >= 1)
        {
            Thread.Sleep((int)time.TotalMilliseconds);
        }

        while (Stopwatch.GetElapsedTime(start) < time)
        {
            Thread.SpinWait(10);
        }
    }
}
