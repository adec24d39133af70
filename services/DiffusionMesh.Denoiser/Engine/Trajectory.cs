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
/// <param name="guidance">Weight of guidance.</param>
/// <param name="notes">The x-predictions to keep.</param>
internal sealed class Trajectory(
    string id,
    SamplerRun run,
    LatentShape shape,
    ConditionEmbedding condition,
    ConditionEmbedding? negative,
    double guidance,
    XPredictionNotes notes)
{
    private int _row;
    private int _negativeRow;

    public string Id { get; } = id;

    public SamplerRun Run { get; } = run;

    public LatentShape Shape { get; } = shape;

    public XPredictionNotes Notes { get; } = notes;

    /// <summary>Rows that one evaluation takes.</summary>
    public int Rows => negative is null ? 1 : 2;

    public int RowsUsed => Run.Nfe * Rows;

    /// <summary>Puts the next evaluation into a batch.</summary>
    public void Enter(NetworkBatch batch)
    {
        var time = Run.Point.Time;
        _row = batch.Add(Run.Input, time, condition);
        if (negative is not null)
        {
            _negativeRow = batch.Add(Run.Input, time, negative);
        }
    }

    /// <summary>Goes on with what the batch predicted.</summary>
    /// <param name="batch">The batch that was entered, evaluated.</param>
    /// <param name="xPrediction">If not empty, where to write the x-prediction of this evaluation.</param>
    public void Leave(NetworkBatch batch, Span<float> xPrediction)
    {
        var predicted = batch.Prediction(_row);
        if (negative is not null)
        {
            Guidance.Apply(guidance, predicted, batch.Prediction(_negativeRow));
        }

        if (!xPrediction.IsEmpty)
        {
            Run.PredictCleanSample(predicted, xPrediction);
        }

        Notes.Take(Run, predicted);
        Run.Advance(predicted);
    }
}
