using DiffusionMesh.Inference.Manifests;

namespace DiffusionMesh.Verifiers.Networks;

internal static class PreprocessingShape
{
    /// <summary>To what images are brought.</summary>
    public static (int Height, int Width, int Channels) Shape(this PreprocessingSpec spec) => (spec.Height, spec.Width, spec.Channels);
}
