using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>What a trajectory begins with.</summary>
/// <param name="Grid">Where to stop.</param>
/// <param name="Prediction">What the network predicts.</param>
/// <param name="State">The state at the first point; the run owns it from now on and steps in place.</param>
public sealed record SamplerStart(TimeGrid Grid, Prediction Prediction, float[] State)
{
    /// <summary>
    /// η in [0, 1], how much noise the steps draw; null for the sampler's own. Only for samplers that have one.
    /// </summary>
    public double? Eta { get; init; }

    /// <summary>What addresses the noise of the steps; needed by a sampler that draws any.</summary>
    public NoiseAddress? Noise { get; init; }

    /// <summary>What was fitted for the model; only "amed" uses it.</summary>
    public AmedParameters? Amed { get; init; }
}
