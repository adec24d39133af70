using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Benchmarks.Engine;

/// <summary>The embedded model's inputs and output for one batch size, bound to a session.</summary>
internal sealed class BoundRows : IDisposable
{
    private const int Side = 32;
    private const int TextDimension = 64;

    private readonly float[] _states;
    private readonly float[] _times;
    private readonly float[] _velocities;
    private readonly OrtIoBinding _binding;
    private readonly List<OrtValue> _values = [];

    public BoundRows(InferenceSession session, int rows)
    {
        _states = new float[rows * Side * Side];
        _times = new float[rows];
        _velocities = new float[rows * Side * Side];
        var labels = new long[rows];
        labels.AsSpan().Fill(EmbeddedModel.ClassLabel);

        _binding = session.CreateIoBinding();
        _binding.BindInput("x", Own(_states, rows, 1, Side, Side));
        _binding.BindInput("t", Own(_times, rows));
        _binding.BindInput("class_label", Own(labels, rows));
        _binding.BindInput("text_embedding", Own(new float[rows * TextDimension], rows, TextDimension));
        _binding.BindOutput("velocity", Own(_velocities, rows, 1, Side, Side));
    }

    public Span<float> State(int row) => _states.AsSpan(row * Side * Side, Side * Side);

    /// <summary>x += h u(x, t).</summary>
    public void Step(InferenceSession session, RunOptions options, float time, float change)
    {
        _times.AsSpan().Fill(time);
        session.RunWithBinding(options, _binding);
        TensorPrimitives.MultiplyAdd(_velocities, change, _states, _states);
    }

    public void Dispose()
    {
        _binding.Dispose();
        _values.ForEach(value => value.Dispose());
    }

    private OrtValue Own<T>(T[] elements, params long[] shape)
        where T : unmanaged
    {
        var value = OrtValue.CreateTensorValueFromMemory(elements, shape);
        _values.Add(value);
        return value;
    }
}
