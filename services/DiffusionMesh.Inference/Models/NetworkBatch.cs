using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Models;

/// <summary>
/// Rows for one evaluation of a denoiser: each has its own state, time and condition, all have one shape. Reused from
/// tick to tick: its memory never moves, and the network is tied to it once for each number of rows.
/// </summary>
public sealed class NetworkBatch : IDisposable
{
    private readonly OnnxBinding?[] _bindings;
    private object? _boundTo;

    private readonly float[] _states;
    private readonly float[] _times;
    private readonly long[] _labels;
    private readonly float[] _texts;
    private readonly float[] _predictions;
    private readonly int _textDimension;
    private readonly int _paddedRows;

    /// <param name="maxRows">Most rows.</param>
    /// <param name="paddedRows">Rows that every evaluation is filled up to; 0 for none.</param>
    internal NetworkBatch(int maxRows, int paddedRows, LatentShape shape, int textDimension)
    {
        (MaxRows, Shape, _paddedRows, _textDimension) = (maxRows, shape, paddedRows, textDimension);
        var capacity = Math.Max(maxRows, paddedRows);
        _bindings = new OnnxBinding?[capacity + 1];
        _states = Pinned<float>(shape.Elements);
        _times = Pinned<float>(1);
        _labels = Pinned<long>(1);
        _texts = Pinned<float>(textDimension);
        _predictions = Pinned<float>(shape.Elements);

        T[] Pinned<T>(int perRow) => GC.AllocateArray<T>(checked(capacity * perRow), pinned: true);
    }

    public int MaxRows { get; }

    public int Rows { get; private set; }

    public LatentShape Shape { get; }

    // Padding included.
    private int EvaluatedRows => Math.Max(Rows, _paddedRows);

    public void Clear() => Rows = 0;

    /// <summary>Adds a row.</summary>
    /// <param name="state">[C, H, W].</param>
    /// <param name="time">As the network takes it.</param>
    /// <param name="condition">What the sample should show.</param>
    /// <param name="scale">By what the network wants the state multiplied.</param>
    /// <returns>The row's index, for <see cref="Prediction"/>.</returns>
    public int Add(ReadOnlySpan<float> state, double time, ConditionEmbedding condition, double scale = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(state.Length, Shape.Elements);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Rows, MaxRows);
        var destination = _states.AsSpan(Rows * Shape.Elements, Shape.Elements);
        if (scale == 1)
        {
            state.CopyTo(destination);
        }
        else
        {
            new LinearMap(scale, 0).Apply(state, state, destination);
        }

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

    /// <summary>Fills up with copies of the first row to the number of rows that every evaluation must have.</summary>
    internal void Pad()
    {
        for (var row = Rows; row < _paddedRows; row++)
        {
            State(0).CopyTo(_states.AsSpan(row * Shape.Elements));
            (_times[row], _labels[row]) = (_times[0], _labels[0]);
            _texts.AsSpan(0, _textDimension).CopyTo(_texts.AsSpan(row * _textDimension));
        }
    }

    public void Dispose()
    {
        foreach (ref var binding in _bindings.AsSpan())
        {
            binding?.Dispose();
            binding = null;
        }
    }

    /// <summary>Where a network keeps its binding to this memory for the present number of rows.</summary>
    internal ref OnnxBinding? BindingOf(object network)
    {
        if (_boundTo != network)
        {
            Dispose();
            _boundTo = network;
        }

        return ref _bindings[EvaluatedRows];
    }

    internal OnnxTensor States(string name) => Planes(name, _states);

    internal OnnxTensor Times(string name) => new(name, _times.AsMemory(0, EvaluatedRows), EvaluatedRows);

    internal OnnxTensor Labels(string name) => new(name, _labels.AsMemory(0, EvaluatedRows), EvaluatedRows);

    internal OnnxTensor Texts(string name) => new(name, _texts.AsMemory(0, EvaluatedRows * _textDimension), EvaluatedRows, _textDimension);

    internal OnnxTensor Predictions(string name) => Planes(name, _predictions);

    private OnnxTensor Planes(string name, float[] values) =>
        new(name, values.AsMemory(0, EvaluatedRows * Shape.Elements), EvaluatedRows, Shape.Channels, Shape.Height, Shape.Width);
}
