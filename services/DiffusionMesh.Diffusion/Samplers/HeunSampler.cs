using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>
/// Heun's method as in algorithm 1 of Karras et al. (arXiv 2206.00364): an Euler step, then the mean of the velocities at
/// both ends. Second order; two evaluations a step, but a step that ends at noise level 0 stays an Euler step.
/// </summary>
internal sealed class HeunSampler : Sampler
{
    public override string Name => "heun";

    public override int Nfe(int steps, bool endsAtData) => endsAtData ? (2 * steps) - 1 : 2 * steps;

    public override SamplerRun Start(TimeGrid grid, Prediction prediction, float[] state) => new Run(grid, prediction, state);

    private sealed class Run(TimeGrid grid, Prediction prediction, float[] state) : SamplerRun(grid, prediction, state)
    {
        private readonly float[] _trial = new float[state.Length];
        private readonly float[] _firstPrediction = new float[state.Length];
        private bool _atTrial;

        protected override PathPoint EvaluationPoint => Grid[_atTrial ? StepsDone + 1 : StepsDone];

        protected override ReadOnlySpan<float> EvaluationInput => _atTrial ? _trial : State;

        protected override void Use(ReadOnlySpan<float> predicted)
        {
            if (_atTrial)
            {
                Correct(predicted);
                _atTrial = false;
                StepsDone++;
            }
            else if (Grid.EndsAtData && StepsDone == Steps - 1)
            {
                EulerStep(predicted, State);
                StepsDone++;
            }
            else
            {
                EulerStep(predicted, _trial);
                predicted.CopyTo(_firstPrediction);
                _atTrial = true;
            }
        }

        // x_(i+1) = x_i + h/2 (u_i + u'), u' at the trial state.
        private void Correct(ReadOnlySpan<float> predicted)
        {
            var (current, next) = (Grid[StepsDone], Grid[StepsDone + 1]);
            var halfStep = (next.Time - current.Time) / 2;
            var (atStart, atTrial) = (Prediction.ToVelocity(current), Prediction.ToVelocity(next));
            for (var i = 0; i < State.Length; i++)
            {
                var u = atStart.Apply(State[i], _firstPrediction[i]) + atTrial.Apply(_trial[i], predicted[i]);
                State[i] = (float)(State[i] + (halfStep * u));
            }
        }
    }
}
