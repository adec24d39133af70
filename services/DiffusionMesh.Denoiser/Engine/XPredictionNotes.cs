using DiffusionMesh.Diffusion.Samplers;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>
/// Keeps those x-predictions of a trajectory that were asked for: for each noise level that of the first evaluation at
/// or below it, or the last one if there is none; and the last one of all if it is needed for an image.
/// </summary>
internal sealed class XPredictionNotes(IReadOnlyList<double> requestedLevels, bool keepLast)
{
    // Levels that callers write as decimals meet times that are computed: as equal as doubles get.
    private const double Tolerance = 1e-9;

    private readonly XPredictionNote?[] _taken = new XPredictionNote?[requestedLevels.Count];

    // The last one, if nobody asked for it: the next evaluation takes its place.
    private XPredictionNote? _spare;

    /// <summary>In the order of the requested levels; complete once the trajectory is finished.</summary>
    public IEnumerable<(double Requested, XPredictionNote Note)> Taken =>
        requestedLevels.Select((level, i) => (level, (_taken[i] ?? Last)!));

    /// <summary>That of the last evaluation, if it was kept.</summary>
    public XPredictionNote? Last { get; private set; }

    /// <summary>Looks at an evaluation before it is used.</summary>
    public void Take(SamplerRun run, ReadOnlySpan<float> predicted)
    {
        if (!keepLast && Array.TrueForAll(_taken, note => note is not null))
        {
            return;
        }

        Last = _spare ?? new XPredictionNote(new float[predicted.Length]);
        Last.NoiseLevel = run.Point.NoiseLevel;
        run.PredictCleanSample(predicted, Last.Clean);
        _spare = Last;
        for (var i = 0; i < _taken.Length; i++)
        {
            if (_taken[i] is null && Last.NoiseLevel <= requestedLevels[i] + Tolerance)
            {
                _taken[i] = Last;
                _spare = null;
            }
        }
    }
}

/// <summary>An x-prediction.</summary>
/// <param name="clean">The predicted clean sample, [C, H, W].</param>
internal sealed class XPredictionNote(float[] clean)
{
    /// <summary>Of the evaluation that made it.</summary>
    public double NoiseLevel { get; set; }

    public float[] Clean { get; } = clean;
}
