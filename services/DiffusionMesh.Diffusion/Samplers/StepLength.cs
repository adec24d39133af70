using DiffusionMesh.Diffusion.Forms;

namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>Length of a step in h = log(α/σ), which is finite between pure noise and data alone.</summary>
internal static class StepLength
{
    /// <summary>
    /// q = e^(-h), the noise-to-signal ratio after the step over that before it: 0 from pure noise, and 0 to data.
    /// </summary>
    public static double Decay(PathPoint from, PathPoint to) => to.Sigma * from.Alpha / (to.Alpha * from.Sigma);
}
