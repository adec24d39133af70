using System.Numerics;
using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;

namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>
/// Heun's method in the form's own time, as in algorithm 1 of Karras et al. (arXiv 2206.00364): an Euler step, then the
/// mean of the velocities at both ends. Second order; two evaluations a step, but a step that ends at noise level 0 stays an Euler step.
/// </summary>
internal sealed class HeunSampler : Sampler
{
    public override string Name => "heun";

    public override int Nfe(int steps, bool endsAtData) => endsAtData ? (2 * steps) - 1 : 2 * steps;

    private protected override SamplerRun Begin(SamplerStart start, double eta) => new Run(start);

    private sealed class Run(SamplerStart start) : SamplerRun(start)
    {
        private readonly float[] _trial = new float[start.State.Length];
        private readonly float[] _firstPrediction = new float[start.State.Length];
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
            var (a, b) = (new Vector<double>(atStart.First), new Vector<double>(atStart.Second));
            var (c, d) = (new Vector<double>(atTrial.First), new Vector<double>(atTrial.Second));
            var half = new Vector<double>(halfStep);
            var state = State.AsSpan();
            var i = 0;
            for (; i <= state.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.Widen(new Vector<float>(state[i..]), out var xLow, out var xHigh);
                Vector.Widen(new Vector<float>(_firstPrediction.AsSpan(i)), out var pLow, out var pHigh);
                Vector.Widen(new Vector<float>(_trial.AsSpan(i)), out var tLow, out var tHigh);
                Vector.Widen(new Vector<float>(predicted[i..]), out var qLow, out var qHigh);
                var uLow = ((a * xLow) + (b * pLow)) + ((c * tLow) + (d * qLow));
                var uHigh = ((a * xHigh) + (b * pHigh)) + ((c * tHigh) + (d * qHigh));
                Vector.Narrow(xLow + (half * uLow), xHigh + (half * uHigh)).CopyTo(state[i..]);
            }

            for (; i < State.Length; i++)
            {
                var u = atStart.Apply(State[i], _firstPrediction[i]) + atTrial.Apply(_trial[i], predicted[i]);
                State[i] = (float)(State[i] + (halfStep * u));
            }
        }
    }
}
