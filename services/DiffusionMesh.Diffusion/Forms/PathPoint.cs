namespace DiffusionMesh.Diffusion.Forms;

/// <summary>A point of a form's path x = α x0 + σ ε.</summary>
/// <param name="Time">t, in the form's own clock.</param>
/// <param name="Alpha">α(t).</param>
/// <param name="Sigma">σ(t).</param>
/// <param name="AlphaRate">dα/dt.</param>
/// <param name="SigmaRate">dσ/dt; infinite where a form meets the data vertically.</param>
public readonly record struct PathPoint(double Time, double Alpha, double Sigma, double AlphaRate, double SigmaRate)
{
    /// <summary>σ/(α + σ) in [0, 1], the time that a linear flow would have: 0 is data, 1 is pure noise.</summary>
    public double NoiseLevel => Sigma / (Alpha + Sigma);

    /// <summary>σ/α, the noise-to-signal ratio: infinite at pure noise. Minus its logarithm is half the log-SNR.</summary>
    public double Ratio => Sigma / Alpha;
}
