using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>
/// One trajectory between two evaluations: says where the network is to be evaluated next and goes on with what it
/// predicted. States are float, every step is computed in double element by element and rounded once, so that a
/// trajectory cut into segments gives the same bits as the whole where the grids agree. Not thread-safe.
/// </summary>
public abstract class SamplerRun(SamplerStart start)
{
    protected TimeGrid Grid { get; } = start.Grid;

    protected Prediction Prediction { get; } = start.Prediction;

    /// <summary>The state after <see cref="StepsDone"/> steps.</summary>
    public float[] State { get; } = start.State;

    public int Steps => Grid.Steps;

    public int StepsDone { get; protected set; }

    public bool IsFinished => StepsDone == Steps;

    /// <summary>Evaluations used so far.</summary>
    public int Nfe { get; private set; }

    /// <summary>Where on the path the next evaluation is made.</summary>
    /// <exception cref="InvalidOperationException">The run is finished.</exception>
    public PathPoint Point => IsFinished ? throw Finished() : EvaluationPoint;

    /// <summary>The state that the network is to see next, at <see cref="Point"/>.</summary>
    public ReadOnlySpan<float> Input => IsFinished ? throw Finished() : EvaluationInput;

    /// <summary>What the network takes as its time at <see cref="Point"/>, and by what it wants <see cref="Input"/> multiplied.</summary>
    public (double Time, double Scale) NetworkInput => (Prediction.NetworkTime(Point), Prediction.InputScale(Point));

    /// <summary>The point of <see cref="State"/>.</summary>
    public PathPoint StatePoint => Grid[StepsDone];

    /// <summary>Where a step begins, from 0; the last is where the segment ends.</summary>
    public PathPoint PointOf(int step) => Grid[step];

    protected virtual PathPoint EvaluationPoint => Grid[StepsDone];

    protected virtual ReadOnlySpan<float> EvaluationInput => State;

    /// <summary>The x-prediction (predicted clean sample) of the evaluation that <see cref="Advance"/> is about to use.</summary>
    public void PredictCleanSample(ReadOnlySpan<float> predicted, Span<float> destination) =>
        Prediction.ToCleanSample(Point).Apply(Input, predicted, destination);

    /// <summary>Goes on with what the network predicted for <see cref="Input"/>.</summary>
    public void Advance(ReadOnlySpan<float> predicted)
    {
        if (IsFinished)
        {
            throw Finished();
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(predicted.Length, State.Length);
        Use(predicted);
        Nfe++;
    }

    /// <summary>Uses one evaluation; adds to <see cref="StepsDone"/> when it completes a step.</summary>
    protected abstract void Use(ReadOnlySpan<float> predicted);

    /// <summary>
    /// An Euler step of the current step's length from the current state: x + h u. Where data lies at infinite time the
    /// step is what that amounts to in any finite clock, a jump to the x-prediction.
    /// </summary>
    protected void EulerStep(ReadOnlySpan<float> predicted, Span<float> destination)
    {
        var (current, next) = (Grid[StepsDone], Grid[StepsDone + 1]);
        if (double.IsInfinity(next.Time))
        {
            Prediction.ToCleanSample(current).Apply(State, predicted, destination);
            return;
        }

        var h = next.Time - current.Time;
        var (ofState, ofPrediction) = Prediction.ToVelocity(current);
        new LinearMap(1 + (h * ofState), h * ofPrediction).Apply(State, predicted, destination);
    }

    private static InvalidOperationException Finished() => new("the trajectory is finished");
}
