namespace DiffusionMesh.Diffusion.Forms;

/// <summary>
/// How a state x = α(t) x0 + σ(t) ε depends on the form's own time t. Noise levels, σ/(α + σ), are how callers speak of
/// states whatever the form.
/// </summary>
public abstract class Form : INamed
{
    /// <summary>Every known form.</summary>
    public static Catalog<Form> All { get; } = new(
        new LinearFlow(),
        new VariancePreserving(),
        new CosineVariancePreserving(),
        new SubVariancePreserving(),
        new VarianceExploding(),
        new KarrasForm(),
        new TrigonometricFlow());

    /// <summary>
    /// The ratio σ/α that stands for pure noise where it must be finite: the σmax of Karras et al. (arXiv 2206.00364).
    /// </summary>
    internal const double PureNoiseRatio = 80;

    public abstract string Name { get; }

    /// <summary>The time of the noisiest state the form has.</summary>
    public abstract double NoisiestTime { get; }

    /// <summary>
    /// The smallest noise-to-signal ratio σ/α above 0 that a schedule should visit before it jumps to the data.
    /// </summary>
    public abstract double SmallestRatio { get; }

    /// <summary>α, σ and their derivatives at a time.</summary>
    public abstract PathPoint At(double time);

    /// <summary>
    /// The time at which σ/α has this value; the noisiest time if the form never reaches it. Negative infinity if the
    /// form reaches data (ratio 0) only in the limit.
    /// </summary>
    public abstract double TimeOfRatio(double ratio);

    /// <summary>The time of a noise level in [0, 1]; the noisiest time if the form never reaches the level.</summary>
    public virtual double TimeOf(double noiseLevel) =>
        noiseLevel >= 1 ? NoisiestTime : TimeOfRatio(noiseLevel / (1 - noiseLevel));
}
