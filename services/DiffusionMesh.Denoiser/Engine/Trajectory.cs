using DiffusionMesh.Diffusion;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>One trajectory of a call: the solver's state, what conditions it and what is noted on the way.</summary>
/// <param name="id">Chosen by the caller.</param>
/// <param name="run">The solver, at its start.</param>
/// <param name="shape">Of the state.</param>
/// <param name="condition">What the sample should show.</param>
/// <param name="negative">What guidance steers away from; null if the trajectory is not guided.</param>
/// <param name="guidance">Which evaluations are guided, and how.</param>
/// <param name="notes">The x-predictions to keep.</param>
/// <param name="nfe">Evaluations that it takes from start to end.</param>
internal sealed class Trajectory(
    string id,
    SamplerRun run,
    LatentShape shape,
    ConditionEmbedding condition,
    ConditionEmbedding? negative,
    Guidance guidance,
    XPredictionNotes notes,
    int nfe)
{
    // How many steps from each on begin at a level at which guidance acts; null if none does.
    private readonly int[]? _guidedSteps = negative is null || !guidance.IsActive ? null : GuidedSteps(run, guidance);
    private int _row;
    private int? _negativeRow;

    public string Id { get; } = id;

    public SamplerRun Run { get; } = run;

    public LatentShape Shape { get; } = shape;

    public XPredictionNotes Notes { get; } = notes;

    public int EvaluationsLeft => nfe - Run.Nfe;

    /// <summary>Rows that the next evaluation takes.</summary>
    public int Rows => IsGuided ? 2 : 1;

    /// <summary>Rows until the end: exact if every evaluation of a step is made at the level where it begins, else nearly so.</summary>
    public int RowsLeft => EvaluationsLeft + (_guidedSteps is null || Run.IsFinished
        ? 0
        : (int)Math.Round((double)EvaluationsLeft * _guidedSteps[Run.StepsDone] / (Run.Steps - Run.StepsDone)));

    public int RowsUsed { get; private set; }

    private bool IsGuided => negative is not null && guidance.IsActiveAt(Run.Point.NoiseLevel);

    /// <summary>Puts the next evaluation into a batch.</summary>
    public void Enter(NetworkBatch batch)
    {
        var (time, scale) = Run.NetworkInput;
        _row = batch.Add(Run.Input, time, condition, scale);
        _negativeRow = IsGuided ? batch.Add(Run.Input, time, negative!, scale) : null;
    }

    /// <summary>Goes on with what the batch predicted.</summary>
    /// <param name="batch">The batch that was entered, evaluated.</param>
    /// <param name="xPrediction">If not empty, where to write the x-prediction of this evaluation.</param>
    public void Leave(NetworkBatch batch, Span<float> xPrediction)
    {
        var predicted = batch.Prediction(_row);
        if (_negativeRow is { } negativeRow)
        {
            guidance.Apply(predicted, batch.Prediction(negativeRow));
        }

        RowsUsed += _negativeRow is null ? 1 : 2;

        if (!xPrediction.IsEmpty)
        {
            Run.PredictCleanSample(predicted, xPrediction);
        }

        Notes.Take(Run, predicted);
        Run.Advance(predicted);
    }

    private static int[] GuidedSteps(SamplerRun run, Guidance guidance)
    {
        var guided = new int[run.Steps + 1];
        for (var step = run.Steps - 1; step >= 0; step--)
        {
            guided[step] = guided[step + 1] + (guidance.IsActiveAt(run.PointOf(step).NoiseLevel) ? 1 : 0);
        }

        return guided;
    }
}
