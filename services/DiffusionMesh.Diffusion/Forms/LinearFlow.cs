namespace DiffusionMesh.Diffusion.Forms;

/// <summary>α = 1 - t, σ = t: rectified flow (Liu et al., arXiv 2209.03003), flow matching. Its time is the noise level.</summary>
internal sealed class LinearFlow : Form
{
    public override string Name => "linear-flow";

    public override double NoisiestTime => 1;

    public override double SmallestRatio => .002;

    public override PathPoint At(double time) => new(time, 1 - time, time, -1, 1);

    public override double TimeOfRatio(double ratio) => double.IsPositiveInfinity(ratio) ? 1 : ratio / (1 + ratio);

    public override double TimeOf(double noiseLevel) => noiseLevel;
}
