using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Models;

/// <summary>
/// Rows for one evaluation of a denoiser: each has its own state, time and condition, all have one shape. Reused from
/// tick to tick.
/// </summary>
public sealed class NetworkBatch
{
    private readonly float[] _states;
    private readonly float[] _times;
    private readonly long[] _labels;
    private readonly float[] _texts;
    private readonly float[] _predictions;
    private readonly int _textDimension;

    internal NetworkBatch(int maxRows, LatentShape shape, int textDimension)
    {
        (MaxRows, Shape, _textDimension) = (maxRows, shape, textDimension);
        _states = new float[maxRows * shape.Elements];
        _times = new float[maxRows];
        _labels = new long[maxRows];
        _texts = new float[maxRows * textDimension];
        _predictions = new float[maxRows * shape.Elements];
    }

    public int MaxRows { get; }

    public int Rows { get; private set; }

    public LatentShape Shape { get; }

    public void Clear() => Rows = 0;

    /// <returns>The row's index, for <see cref="Prediction"/>.</returns>
    public int Add(ReadOnlySpan<float> state, double time, ConditionEmbedding condition)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(state.Length, Shape.Elements);
        state.CopyTo(_states.AsSpan(Rows * Shape.Elements));
        _times[Rows] = (float)time;
        _labels[Rows] = condition.ClassLabel;
        var text = _texts.AsSpan(Rows * _textDimension, _textDimension);
        if (condition.Text.IsEmpty)
        {
            text.Clear();
        }
        else
        {
            condition.Text.Span.CopyTo(text);
        }

        return Rows++;
    }

    /// <summary>A row's state, as it was added.</summary>
    public ReadOnlySpan<float> State(int row) => _states.AsSpan(row * Shape.Elements, Shape.Elements);

    /// <summary>What the network predicted for a row. Guidance may be applied in place.</summary>
    public Span<float> Prediction(int row) => _predictions.AsSpan(row * Shape.Elements, Shape.Elements);

    internal OnnxTensor States(string name) => Planes(name, _states);

    internal OnnxTensor Times(string name) => new(name, _times.AsMemory(0, Rows), Rows);

    internal OnnxTensor Labels(string name) => new(name, _labels.AsMemory(0, Rows), Rows);

    internal OnnxTensor Texts(string name) => new(name, _texts.AsMemory(0, Rows * _textDimension), Rows, _textDimension);

    internal OnnxTensor Predictions(string name) => Planes(name, _predictions);

    private OnnxTensor Planes(string name, float[] values) =>
        new(name, values.AsMemory(0, Rows * Shape.Elements), Rows, Shape.Channels, Shape.Height, Shape.Width);
}
