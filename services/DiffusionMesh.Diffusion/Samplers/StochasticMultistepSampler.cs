using DiffusionMesh.Diffusion.Predictions;

namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>
/// The SDE variant of DPM-Solver++(2M) (Lu et al., arXiv 2211.01095) with η:
/// x_s = (σ_s/σ_t) e^(-ηh) x + α_s g (D_i + (D_i - D_(i-1))/(2r)) + σ_s sqrt(1 - e^(-2ηh)) z, g = 1 - e^(-(1+η)h),
/// r = h_last/h. First order where <see cref="MultistepSampler"/> is. One evaluation a step.
/// </summary>
internal sealed class StochasticMultistepSampler : Sampler
{
    public override string Name => "dpmpp-2m-sde";

    public override double? DefaultEta => 1;

    public override bool IsMultistep => true;

    private protected override SamplerRun Begin(SamplerStart start, double eta) => new Run(start, eta);

    private sealed class Run(SamplerStart start, double eta) : MultistepRun(start)
    {
        private readonly StepNoise? _noise = eta > 0 ? new StepNoise(start.Noise!, start.State.Length) : null;

        protected override void Step(LinearMap clean, ReadOnlySpan<float> predicted, double q, double correction)
        {
            var (current, next) = (Grid[StepsDone], Grid[StepsDone + 1]);
            var ofClean = next.Alpha * (1 - Math.Pow(q, 1 + eta));
            var now = ofClean * (1 + correction);
            var drawn = next.Sigma * Math.Sqrt(1 - Math.Pow(q, 2 * eta));
            var map = new LinearMap((next.Sigma / current.Sigma * Math.Pow(q, eta)) + (now * clean.First), now * clean.Second);
            var draw = drawn > 0 ? _noise!.At(next) : LastClean;
            LinearSum.Apply(map, State, predicted, new LinearMap(-ofClean * correction, drawn), LastClean, draw, State);
        }
    }
}
