using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Inference.Onnx;

/// <summary>A named input or output of a network over memory of the caller's: nothing is copied.</summary>
public readonly struct OnnxTensor
{
    private readonly Memory<float> _floats;
    private readonly Memory<long> _integers;
    private readonly bool _isInteger;

    /// <param name="name">Name in the network.</param>
    /// <param name="data">Row-major elements, as many as the shape says.</param>
    /// <param name="shape">Dimensions.</param>
    public OnnxTensor(string name, Memory<float> data, params long[] shape)
        : this(name, shape, data.Length) => _floats = data;

    /// <inheritdoc cref="OnnxTensor(string, Memory{float}, long[])"/>
    public OnnxTensor(string name, Memory<long> data, params long[] shape)
        : this(name, shape, data.Length) => (_integers, _isInteger) = (data, true);

    private OnnxTensor(string name, long[] shape, int length)
    {
        var elements = 1L;
        foreach (var dimension in shape)
        {
            elements *= dimension;
        }

        if (elements != length)
        {
            throw new ArgumentException($"\"{name}\" has {length} elements, but shape [{string.Join(", ", shape)}] has {elements}", nameof(shape));
        }

        (Name, Shape) = (name, shape);
    }

    public string Name { get; }

    public IReadOnlyList<long> Shape { get; }

    internal OrtValue ToOrtValue()
    {
        var memory = OrtMemoryInfo.DefaultInstance;
        var shape = (long[])Shape;
        return _isInteger
            ? OrtValue.CreateTensorValueFromMemory(memory, _integers, shape)
            : OrtValue.CreateTensorValueFromMemory(memory, _floats, shape);
    }
}
