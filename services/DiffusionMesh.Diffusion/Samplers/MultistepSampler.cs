using DiffusionMesh.Diffusion.Predictions;

namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>
/// DPM-Solver++(2M) of Lu et al. (arXiv 2211.01095, algorithm 2): x_s = (σ_s/σ_t) x + α_s (1 - e^(-h)) D with
/// D = (1 + 1/(2r)) D_i - 1/(2r) D_(i-1), r = h_last/h. First order are the first step, the one after pure noise, whose
/// h is infinite, and one that ends at data. Second order; one evaluation a step.
/// </summary>
internal sealed class MultistepSampler : Sampler
{
    public override string Name => "dpmpp-2m";

    public override bool IsMultistep => true;

    private protected override SamplerRun Begin(SamplerStart start, double eta) => new Run(start);

    private sealed class Run(SamplerStart start) : MultistepRun(start)
    {
        protected override void Step(LinearMap clean, ReadOnlySpan<float> predicted, double q, double correction)
        {
            var (current, next) = (Grid[StepsDone], Grid[StepsDone + 1]);
            var ofClean = next.Alpha * (1 - q);
            var now = ofClean * (1 + correction);
            var map = new LinearMap((next.Sigma / current.Sigma) + (now * clean.First), now * clean.Second);
            LinearSum.Apply(map, State, predicted, -ofClean * correction, LastClean, State);
        }
    }
}
