using DiffusionMesh.Diffusion.Predictions;

namespace DiffusionMesh.Diffusion;

/// <summary>Classifier-free guidance (Ho and Salimans, arXiv 2207.12598).</summary>
public static class Guidance
{
    /// <summary>Whether a weight needs the second prediction: at 1 the conditional one stands alone.</summary>
    public static bool IsActive(double weight) => weight != 1;

    /// <summary>
    /// u + w (c - u): replaces the conditional prediction c by the guided one; u is the unconditional or negative one.
    /// </summary>
    public static void Apply(double weight, Span<float> conditional, ReadOnlySpan<float> unconditional) =>
        new LinearMap(weight, 1 - weight).Apply(conditional, unconditional, conditional);
}
