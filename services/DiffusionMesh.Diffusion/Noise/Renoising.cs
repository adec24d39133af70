using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;

namespace DiffusionMesh.Diffusion.Noise;

/// <summary>
/// Noises a state up along its form: x_f = (α_f/α_b) x + sqrt(σ_f² - (α_f/α_b)² σ_b²) ε, which has the distribution of
/// states at f if x has that of states at b.
/// </summary>
public static class Renoising
{
    /// <param name="from">b, where the state is.</param>
    /// <param name="to">f, at least as noisy.</param>
    /// <param name="state">x, replaced by x_f.</param>
    /// <param name="draw">ε, standard normal.</param>
    public static void Apply(PathPoint from, PathPoint to, Span<float> state, ReadOnlySpan<float> draw)
    {
        // Where nothing of the data is left (α_b = 0) there is only one noisier point: the same.
        var scale = from.Alpha > 0 ? to.Alpha / from.Alpha : 1;
        var variance = (to.Sigma * to.Sigma) - (scale * scale * from.Sigma * from.Sigma);
        new LinearMap(scale, Math.Sqrt(Math.Max(variance, 0))).Apply(state, draw, state);
    }
}
