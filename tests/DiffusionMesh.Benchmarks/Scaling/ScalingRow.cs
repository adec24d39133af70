using DiffusionMesh.Benchmarks.Measuring;

namespace DiffusionMesh.Benchmarks.Scaling;

/// <summary>A search in one round.</summary>
/// <param name="Unequal">Whether every second denoiser takes twice as long.</param>
internal sealed record ScalingSetting(int Pods, int StepMilliseconds, int Candidates, bool Unequal = false)
{
    /// <summary>Of each candidate.</summary>
    public const int Steps = 20;

    /// <summary>No search can take less: all evaluations on all denoisers, or the longest chain of them.</summary>
    public TimeSpan Least => TimeSpan.FromMilliseconds(StepMilliseconds) * Steps * Math.Max(1, Candidates / (Unequal ? Pods * 0.75 : Pods));
}

/// <param name="Seconds">From the call that creates the search to the event that it has ended.</param>
/// <param name="Microseconds">The orchestrator's processor time for a step of a candidate.</param>
internal sealed record ScalingRow(ScalingSetting Setting, Spread Seconds, double Microseconds)
{
    /// <summary>The least possible time by the time that it took; at most 1.</summary>
    public double Efficiency => Setting.Least.TotalSeconds / Seconds.Median;
}
