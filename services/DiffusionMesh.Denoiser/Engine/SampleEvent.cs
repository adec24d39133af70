namespace DiffusionMesh.Denoiser.Engine;

/// <summary>What a call hears of its trajectories.</summary>
internal abstract record SampleEvent(Trajectory Trajectory)
{
    /// <summary>The trajectory is finished.</summary>
    public sealed record Finished(Trajectory Trajectory) : SampleEvent(Trajectory);

    /// <summary>A step is done; the x-prediction shows how far the trajectory is.</summary>
    public sealed record StepDone(Trajectory Trajectory, int Step, double NoiseLevel, float[] XPrediction) : SampleEvent(Trajectory);
}
