namespace DiffusionMesh.Diffusion.Forms;

/// <summary>
/// α = 1, σ = t in [0, 80]: the variance-exploding form with σ itself as time, Karras et al., "Elucidating the Design
/// Space of Diffusion-Based Generative Models" (arXiv 2206.00364).
/// </summary>
internal sealed class KarrasForm : Form
{
    public override string Name => "edm";

    public override double NoisiestTime => 80;

    public override double SmallestRatio => .002;

    public override PathPoint At(double time) => new(time, 1, time, 0, 1);

    public override double TimeOfRatio(double ratio) => Math.Min(NoisiestTime, ratio);
}
