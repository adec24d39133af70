using DiffusionMesh.Diffusion.Forms;

namespace DiffusionMesh.Diffusion.Predictions;

/// <summary>
/// What a network predicts, as a combination p = a x0 + b ε of the clean sample and the noise. Together with
/// x = α x0 + σ ε that determines both: with Δ = α b - σ a, x0 = (b x - σ p)/Δ and ε = (α p - a x)/Δ.
/// </summary>
public abstract class Prediction : INamed
{
    /// <summary>Every known prediction.</summary>
    public static Catalog<Prediction> All { get; } = new(new Velocity(), new Noise(), new CleanSample(), new V());

    public abstract string Name { get; }

    /// <summary>Whether the prediction determines x0 and ε at this point: a predicted ε says nothing of x0 where α = 0.</summary>
    public bool IsDefinedAt(PathPoint point)
    {
        var (a, b) = Weights(point);
        return (point.Alpha * b) - (point.Sigma * a) is not (0 or double.NaN);
    }

    /// <summary>The prediction at a state x whose clean sample and noise are known.</summary>
    public LinearMap FromCleanAndNoise(PathPoint point)
    {
        var (a, b) = Weights(point);
        return new LinearMap(a, b);
    }

    /// <summary>x0 from the state and the prediction.</summary>
    public LinearMap ToCleanSample(PathPoint point)
    {
        var (a, b) = Weights(point);
        var determinant = (point.Alpha * b) - (point.Sigma * a);
        return new LinearMap(b / determinant, -point.Sigma / determinant);
    }

    /// <summary>ε from the state and the prediction.</summary>
    public LinearMap ToNoise(PathPoint point)
    {
        var (a, b) = Weights(point);
        var determinant = (point.Alpha * b) - (point.Sigma * a);
        return new LinearMap(-a / determinant, point.Alpha / determinant);
    }

    /// <summary>
    /// The velocity dx/dt = α' x0 + σ' ε of the probability-flow ODE in the form's own time, from the state and the
    /// prediction.
    /// </summary>
    public LinearMap ToVelocity(PathPoint point)
    {
        var (a, b) = Weights(point);
        var determinant = (point.Alpha * b) - (point.Sigma * a);
        return new LinearMap(
            ((point.AlphaRate * b) - (point.SigmaRate * a)) / determinant,
            ((point.Alpha * point.SigmaRate) - (point.Sigma * point.AlphaRate)) / determinant);
    }

    /// <summary>a and b of p = a x0 + b ε.</summary>
    protected abstract (double OfCleanSample, double OfNoise) Weights(PathPoint point);

    /// <summary>u = α' x0 + σ' ε.</summary>
    private sealed class Velocity : Prediction
    {
        public override string Name => "velocity";

        protected override (double OfCleanSample, double OfNoise) Weights(PathPoint point) => (point.AlphaRate, point.SigmaRate);
    }

    /// <summary>ε.</summary>
    private sealed class Noise : Prediction
    {
        public override string Name => "epsilon";

        protected override (double OfCleanSample, double OfNoise) Weights(PathPoint point) => (0, 1);
    }

    /// <summary>x0.</summary>
    private sealed class CleanSample : Prediction
    {
        public override string Name => "x0";

        protected override (double OfCleanSample, double OfNoise) Weights(PathPoint point) => (1, 0);
    }

    /// <summary>v = α ε - σ x0 (Salimans and Ho, arXiv 2202.00512).</summary>
    private sealed class V : Prediction
    {
        public override string Name => "v";

        protected override (double OfCleanSample, double OfNoise) Weights(PathPoint point) => (-point.Sigma, point.Alpha);
    }
}
