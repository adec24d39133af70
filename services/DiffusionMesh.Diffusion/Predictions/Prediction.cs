using DiffusionMesh.Diffusion.Forms;

namespace DiffusionMesh.Diffusion.Predictions;

/// <summary>
/// What a network predicts, as a combination p = a x0 + b ε of the clean sample and the noise. Together with
/// x = α x0 + σ ε that determines both: with Δ = α b - σ a, x0 = (b x - σ p)/Δ and ε = (α p - a x)/Δ.
/// </summary>
public abstract class Prediction : INamed
{
    /// <summary>Every known prediction.</summary>
    public static Catalog<Prediction> All { get; } = new(
        new Velocity(), new Noise(), new CleanSample(), new V(), new Preconditioned(Preconditioned.DefaultSigmaData));

    public abstract string Name { get; }

    /// <summary>The prediction named "edm" for data of another standard deviation than 0.5.</summary>
    /// <param name="sigmaData">σ_data, above 0.</param>
    public static Prediction Edm(double sigmaData) => new Preconditioned(sigmaData);

    /// <summary>By what the network wants the state to be multiplied before it sees it.</summary>
    public virtual double InputScale(PathPoint point) => 1;

    /// <summary>What the network takes as its time.</summary>
    public virtual double NetworkTime(PathPoint point) => point.Time;

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

    /// <summary>
    /// The raw network F of Karras et al. (arXiv 2206.00364), equation 7, D = c_skip x̃ + c_out F(c_in x̃, c_noise) with
    /// x̃ = x/α and ratio r = σ/α: solved for F with s = σ_data and multiplied out, F = (σ x0/s - α s ε)/sqrt(σ² + α² s²).
    /// </summary>
    private sealed class Preconditioned(double sigmaData) : Prediction
    {
        public const double DefaultSigmaData = .5;

        private readonly double _sigmaData = double.IsFinite(sigmaData) && sigmaData > 0
            ? sigmaData
            : throw new ArgumentOutOfRangeException(nameof(sigmaData), sigmaData, "must be a number above 0");

        public override string Name => "edm";

        /// <summary>c_in/α = 1/sqrt(σ² + α² s²).</summary>
        public override double InputScale(PathPoint point) => 1 / Deviation(point);

        /// <summary>c_noise = ln(r)/4; pure noise is taken for the largest ratio that a form without an end has.</summary>
        public override double NetworkTime(PathPoint point) => Math.Log(Math.Min(point.Ratio, Form.PureNoiseRatio)) / 4;

        protected override (double OfCleanSample, double OfNoise) Weights(PathPoint point)
        {
            var deviation = Deviation(point);
            return (point.Sigma / (_sigmaData * deviation), -point.Alpha * _sigmaData / deviation);
        }

        // Of states at this point.
        private double Deviation(PathPoint point) =>
            Math.Sqrt((point.Sigma * point.Sigma) + (point.Alpha * point.Alpha * _sigmaData * _sigmaData));
    }
}
