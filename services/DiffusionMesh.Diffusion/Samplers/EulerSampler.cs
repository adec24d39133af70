namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>
/// x_(i+1) = x_i + (t_(i+1) - t_i) u(x_i, t_i): the probability-flow ODE x' = α' x0 + σ' ε in the form's own time. First
/// order; one evaluation a step.
/// </summary>
internal sealed class EulerSampler : Sampler
{
    public override string Name => "euler";

    private protected override SamplerRun Begin(SamplerStart start, double eta) => new Run(start);

    private sealed class Run(SamplerStart start) : SamplerRun(start)
    {
        protected override void Use(ReadOnlySpan<float> predicted)
        {
            EulerStep(predicted, State);
            StepsDone++;
        }
    }
}
