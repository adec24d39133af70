namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>
/// Goes from noise to data along the points of a grid, one trajectory at a time. The network is evaluated by the caller,
/// who may put evaluations of many trajectories into one batch. Any sampler runs over any form and between any two
/// noise levels.
/// </summary>
public abstract class Sampler : INamed
{
    /// <summary>Every known sampler.</summary>
    public static Catalog<Sampler> All { get; } = new(
        new EulerSampler(),
        new HeunSampler(),
        new AncestralSampler("ddim", defaultEta: 0),
        new AncestralSampler("ddpm", defaultEta: 1),
        new AncestralSampler("euler-ancestral", defaultEta: 1),
        new MultistepSampler(),
        new StochasticMultistepSampler(),
        new AmedSampler());

    public abstract string Name { get; }

    /// <summary>η where none is asked for; null if the sampler has no η: it draws no noise.</summary>
    public virtual double? DefaultEta => null;

    /// <summary>
    /// Whether a step uses evaluations of earlier ones: then each segment begins anew, and a trajectory that is cut gives
    /// other bits than the whole. All others go on where they were, to the bit where the grids agree.
    /// </summary>
    public virtual bool IsMultistep => false;

    /// <summary>Whether steps draw noise.</summary>
    public bool IsStochastic(double? eta) => (eta ?? DefaultEta) > 0;

    /// <summary>Evaluations of the denoiser that one trajectory takes, known before it begins.</summary>
    /// <param name="steps">Steps of the segment, at least 1.</param>
    /// <param name="endsAtData">Whether the segment ends at noise level 0.</param>
    public virtual int Nfe(int steps, bool endsAtData) => steps;

    /// <summary>Begins a trajectory.</summary>
    /// <exception cref="ArgumentException">
    /// The start names an η that the sampler does not have or that lies outside [0, 1], or no noise where some is drawn.
    /// </exception>
    public SamplerRun Start(SamplerStart start)
    {
        if (start.Eta is { } eta && (DefaultEta is null || !(eta is >= 0 and <= 1)))
        {
            throw new ArgumentException(
                DefaultEta is null ? $"sampler \"{Name}\" has no eta: leave it out" : $"eta is {eta}; it must lie in [0, 1]", nameof(start));
        }

        if (IsStochastic(start.Eta) && start.Noise is null)
        {
            throw new ArgumentException($"sampler \"{Name}\" draws noise: give it an address, or set eta to 0", nameof(start));
        }

        return Begin(start, start.Eta ?? DefaultEta ?? 0);
    }

    private protected abstract SamplerRun Begin(SamplerStart start, double eta);
}
