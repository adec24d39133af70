using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>
/// Solves the probability-flow ODE x' = α' x0 + σ' ε in the form's own time, one trajectory at a time. The network is
/// evaluated by the caller, who may put evaluations of many trajectories into one batch.
/// </summary>
public abstract class Sampler : INamed
{
    /// <summary>Every known sampler.</summary>
    public static Catalog<Sampler> All { get; } = new(new EulerSampler(), new HeunSampler());

    public abstract string Name { get; }

    /// <summary>Evaluations of the denoiser that one trajectory takes, known before it begins.</summary>
    /// <param name="steps">Steps of the segment, at least 1.</param>
    /// <param name="endsAtData">Whether the segment ends at noise level 0.</param>
    public abstract int Nfe(int steps, bool endsAtData);

    /// <summary>Begins a trajectory.</summary>
    /// <param name="grid">Where to stop.</param>
    /// <param name="prediction">What the network predicts.</param>
    /// <param name="state">The state at the first point; the run owns it from now on and steps in place.</param>
    public abstract SamplerRun Start(TimeGrid grid, Prediction prediction, float[] state);
}
