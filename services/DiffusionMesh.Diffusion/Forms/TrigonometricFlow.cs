namespace DiffusionMesh.Diffusion.Forms;

/// <summary>α = cos(πt/2), σ = sin(πt/2), t in [0, 1]: the GVP interpolant of SiT (Ma et al., arXiv 2401.08740).</summary>
internal sealed class TrigonometricFlow : Form
{
    private const double HalfPi = Math.PI / 2;

    public override string Name => "gvp";

    public override double NoisiestTime => 1;

    public override double SmallestRatio => .002;

    public override PathPoint At(double time)
    {
        // The far half is reflected, so that α is exactly 0 at t = 1.
        var (sin, cos) = time <= .5 ? Math.SinCos(HalfPi * time) : Swap(Math.SinCos(HalfPi * (1 - time)));
        return new PathPoint(time, cos, sin, -HalfPi * sin, HalfPi * cos);
    }

    public override double TimeOfRatio(double ratio) => Math.Atan(ratio) / HalfPi;

    private static (double Sin, double Cos) Swap((double Sin, double Cos) reflected) => (reflected.Cos, reflected.Sin);
}
