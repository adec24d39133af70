using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>x_(i+1) = x_i + (t_(i+1) - t_i) u(x_i, t_i). First order; one evaluation a step.</summary>
internal sealed class EulerSampler : Sampler
{
    public override string Name => "euler";

    public override int Nfe(int steps, bool endsAtData) => steps;

    public override SamplerRun Start(TimeGrid grid, Prediction prediction, float[] state) => new Run(grid, prediction, state);

    private sealed class Run(TimeGrid grid, Prediction prediction, float[] state) : SamplerRun(grid, prediction, state)
    {
        protected override void Use(ReadOnlySpan<float> predicted)
        {
            EulerStep(predicted, State);
            StepsDone++;
        }
    }
}
