using DiffusionMesh.Diffusion.Predictions;

namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>
/// x_s = α_s x0 + sqrt(σ_s² - v²) ε + v z with v = η (σ_s/σ_t) sqrt(σ_t² - (α_t/α_s)² σ_s²): DDIM (Song et al., arXiv
/// 2010.02502, equations 12 and 16). η = 0 is deterministic, η = 1 the ancestral sampling of DDPM (Ho et al., arXiv
/// 2006.11239), which in variance-exploding coordinates is Euler's step with noise: Euler ancestral. First order; one
/// evaluation a step.
/// </summary>
internal sealed class AncestralSampler(string name, double defaultEta) : Sampler
{
    public override string Name => name;

    public override double? DefaultEta => defaultEta;

    private protected override SamplerRun Begin(SamplerStart start, double eta) => new Run(start, eta);

    private sealed class Run(SamplerStart start, double eta) : SamplerRun(start)
    {
        private readonly StepNoise? _noise = eta > 0 ? new StepNoise(start.Noise!, start.State.Length) : null;

        protected override void Use(ReadOnlySpan<float> predicted)
        {
            var (current, next) = (Grid[StepsDone], Grid[StepsDone + 1]);
            var (clean, noise) = (Prediction.ToCleanSample(current), Prediction.ToNoise(current));
            var q = StepLength.Decay(current, next);

            // σ_t² - (α_t/α_s)² σ_s² = σ_t² (1 - q²).
            var drawn = eta * next.Sigma * Math.Sqrt((1 - q) * (1 + q));
            var kept = Math.Sqrt((next.Sigma - drawn) * (next.Sigma + drawn));
            var map = new LinearMap(
                (next.Alpha * clean.First) + (kept * noise.First), (next.Alpha * clean.Second) + (kept * noise.Second));
            if (drawn > 0)
            {
                LinearSum.Apply(map, State, predicted, drawn, _noise!.At(next), State);
            }
            else
            {
                map.Apply(State, predicted, State);
            }

            StepsDone++;
        }
    }
}
