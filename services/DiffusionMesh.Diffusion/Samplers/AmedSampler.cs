using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;

namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>
/// AMED of Zhou et al. (arXiv 2312.00094) with constants for what the paper lets a small network predict. In
/// x̃ = x/α and ρ = σ/α: an Euler step to ρ_m = ρ_(i+1)^r ρ_i^(1-r), there the slope d = (x̃_m - D(x̃_m, a ρ_m))/ρ_m, then
/// x̃_(i+1) = x̃_i + c (ρ_(i+1) - ρ_i) d. Two evaluations a step, but a step that ends at data is a jump to the
/// x-prediction. With r = 1/2 and c = a = 1 it is second order.
/// </summary>
internal sealed class AmedSampler : Sampler
{
    // (3 + √5)/2: a step without fitted parameters from this multiple of a ratio to the ratio itself takes the clean sample
    // of its second evaluation and the noise of its first.
    private const double Jump = 2.618033988749895;

    public override string Name => "amed";

    public override int Nfe(int steps, bool endsAtData) => endsAtData ? (2 * steps) - 1 : 2 * steps;

    private protected override SamplerRun Begin(SamplerStart start, double eta) => new Run(start);

    private sealed class Run(SamplerStart start) : SamplerRun(start)
    {
        private readonly IReadOnlyList<AmedStep>? _fitted = Fitted(start);
        private readonly float[] _middle = new float[start.State.Length];
        private readonly float[] _firstPrediction = new float[start.State.Length];
        private bool _atMiddle;
        private double _middleRatio;
        private PathPoint _middlePoint;

        protected override PathPoint EvaluationPoint => _atMiddle ? _middlePoint : Grid[StepsDone];

        protected override ReadOnlySpan<float> EvaluationInput => _atMiddle ? _middle : State;

        private AmedStep Parameters => _fitted?[StepsDone] ?? AmedStep.Default;

        // A ratio before the step: pure noise, where it is infinite, is left by a jump of its own evaluation, not to a large
        // ratio, whose step would multiply what is wrong with the slope.
        private double FirstRatio
        {
            get
            {
                var ratio = Grid[StepsDone].Ratio;
                return double.IsFinite(ratio) ? ratio : Jump * Grid[StepsDone + 1].Ratio;
            }
        }

        protected override void Use(ReadOnlySpan<float> predicted)
        {
            if (_atMiddle)
            {
                Finish(predicted);
                _atMiddle = false;
                StepsDone++;
            }
            else if (Grid[StepsDone + 1].Sigma == 0)
            {
                Prediction.ToCleanSample(Grid[StepsDone]).Apply(State, predicted, State);
                StepsDone++;
            }
            else
            {
                GoToMiddle(predicted);
                _atMiddle = true;
            }
        }

        private static IReadOnlyList<AmedStep>? Fitted(SamplerStart start)
        {
            var grid = start.Grid;
            return grid.EndsAtData && grid.Times[0] == grid.Form.NoisiestTime ? start.Amed?.For(grid.Steps) : null;
        }

        private void GoToMiddle(ReadOnlySpan<float> predicted)
        {
            var parameters = Parameters;
            _middleRatio = Math.Pow(Grid[StepsDone + 1].Ratio, parameters.R) * Math.Pow(FirstRatio, 1 - parameters.R);
            _middlePoint = Grid.Form.At(Grid.Form.TimeOfRatio(parameters.A * _middleRatio));
            var toMiddle = AtRatio(_middleRatio);
            new LinearMap(_middlePoint.Alpha * toMiddle.First, _middlePoint.Alpha * toMiddle.Second).Apply(State, predicted, _middle);
            predicted.CopyTo(_firstPrediction);
        }

        // x̃_(i+1) = x̃_i + k (x̃_m - D), k = c (ρ_(i+1) - ρ_i)/ρ_m, times α_(i+1).
        private void Finish(ReadOnlySpan<float> predicted)
        {
            var next = Grid[StepsDone + 1];
            var (current, clean) = (AtRatio(FirstRatio), Prediction.ToCleanSample(_middlePoint));
            var k = next.Alpha * Parameters.C * (next.Ratio - FirstRatio) / _middleRatio;
            LinearSum.Apply(
                new LinearMap(next.Alpha * current.First, next.Alpha * current.Second),
                State,
                _firstPrediction,
                new LinearMap(k * ((1 / _middlePoint.Alpha) - clean.First), -k * clean.Second),
                _middle,
                predicted,
                State);
        }

        // x̃ = x0 + ρ ε by the first evaluation, from the state and the prediction.
        private LinearMap AtRatio(double ratio)
        {
            var current = Grid[StepsDone];
            var (clean, noise) = (Prediction.ToCleanSample(current), Prediction.ToNoise(current));
            return new LinearMap(clean.First + (ratio * noise.First), clean.Second + (ratio * noise.Second));
        }
    }
}
