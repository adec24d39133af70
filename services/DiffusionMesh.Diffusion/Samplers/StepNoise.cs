using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>
/// The noise that the steps of one trajectory draw. A step's draw depends on the address and on the level where the step
/// lands, not on its number or on the batch: a trajectory that is cut goes on with the draws of the whole.
/// </summary>
internal sealed class StepNoise(NoiseAddress address, int length)
{
    private readonly float[] _draw = new float[length];

    /// <summary>The draw of the step that lands here; valid until the next one.</summary>
    public ReadOnlySpan<float> At(PathPoint landing)
    {
        address.FillStep(landing.NoiseLevel, _draw);
        return _draw;
    }
}
