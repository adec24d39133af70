namespace DiffusionMesh.Denoiser.Engine;

/// <summary>What a call hears from the engine.</summary>
internal abstract record SampleEvent
{
    /// <summary>The trajectory is finished.</summary>
    public sealed record Finished(Trajectory Trajectory) : SampleEvent;

    /// <summary>A step is done; the x-prediction shows how far the trajectory is.</summary>
    public sealed record StepDone(Trajectory Trajectory, int Step, double NoiseLevel, float[] XPrediction, TimeSpan TimeLeft) : SampleEvent;

    /// <summary>An estimate of the time until the whole call is finished.</summary>
    public sealed record TimeLeftKnown(TimeSpan Estimate) : SampleEvent;
}
