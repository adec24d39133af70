using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DiffusionMesh.Contracts.TensorV1;
using Google.Protobuf;

namespace DiffusionMesh.Contracts;

/// <summary>Maps tensors to messages and back. Elements are raw, little-endian and row-major.</summary>
public static class TensorMapping
{
    private const int MaxDimensions = 8;

    /// <summary>Copies fp32 elements into a message.</summary>
    /// <param name="data">Row-major elements.</param>
    /// <param name="shape">Dimensions; their product is the number of elements.</param>
    public static Tensor ToMessage(ReadOnlySpan<float> data, params ReadOnlySpan<long> shape)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(data.Length * sizeof(float));
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(data).CopyTo(bytes);
        }
        else
        {
            for (var i = 0; i < data.Length; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), data[i]);
            }
        }

        return Create(DataType.Fp32, bytes, shape);
    }

    /// <summary>Copies fp64 elements into a message.</summary>
    /// <param name="data">Row-major elements.</param>
    /// <param name="shape">Dimensions; their product is the number of elements.</param>
    public static Tensor ToMessage(ReadOnlySpan<double> data, params ReadOnlySpan<long> shape)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(data.Length * sizeof(double));
        for (var i = 0; i < data.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), data[i]);
        }

        return Create(DataType.Fp64, bytes, shape);
    }

    /// <summary>Wraps fp32 elements in a message without copying them: the caller must not change them afterwards.</summary>
    /// <param name="data">Row-major elements.</param>
    /// <param name="shape">Dimensions; their product is the number of elements.</param>
    public static Tensor Wrap(float[] data, params ReadOnlySpan<long> shape) =>
        BitConverter.IsLittleEndian ? Create(DataType.Fp32, new FloatBytes(data).Memory, shape) : ToMessage(data, shape);

    /// <summary>Wraps 8-bit pixels in a message without copying them: the caller must not change them afterwards.</summary>
    /// <param name="pixels">Row-major [H, W, C].</param>
    /// <param name="shape">H, W and C.</param>
    public static Tensor ToMessage(ReadOnlyMemory<byte> pixels, params ReadOnlySpan<long> shape) => Create(DataType.Uint8, pixels, shape);

    /// <summary>Checks a tensor before anything is allocated for it.</summary>
    /// <param name="tensor">The tensor, or null if the field was left out.</param>
    /// <param name="field">Path of the field, for the violation.</param>
    /// <param name="violations">Where what is wrong is written.</param>
    /// <param name="expected">The element type that is needed.</param>
    /// <param name="maxElements">Most elements that are accepted.</param>
    /// <returns>Whether the tensor is good.</returns>
    public static bool Validate(Tensor? tensor, string field, FieldViolations violations, DataType expected, long maxElements)
    {
        if (tensor is null)
        {
            violations.Add(field, "is required");
            return false;
        }

        if (tensor.DataType != expected)
        {
            violations.Add(field + ".data_type", $"is {tensor.DataType}; send {expected}");
            return false;
        }

        if (tensor.Shape.Count is 0 or > MaxDimensions)
        {
            violations.Add(field + ".shape", $"has {tensor.Shape.Count} dimensions; send 1 to {MaxDimensions}");
            return false;
        }

        var elements = 1L;
        foreach (var dimension in tensor.Shape)
        {
            if (dimension < 1 || dimension > maxElements / elements)
            {
                violations.Add(field + ".shape", $"is [{string.Join(", ", tensor.Shape)}]; every dimension must be at least 1, and at most {maxElements} elements are accepted");
                return false;
            }

            elements *= dimension;
        }

        var bytes = elements * ElementSize(expected);
        return violations.Require(
            tensor.Data.Length == bytes,
            field + ".data",
            $"has {tensor.Data.Length} bytes, but shape [{string.Join(", ", tensor.Shape)}] of {expected} needs {bytes}");
    }

    /// <summary>Copies the elements of a valid fp32 tensor.</summary>
    public static void CopyTo(Tensor tensor, Span<float> destination)
    {
        var source = tensor.Data.Span;
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, float>(source).CopyTo(destination);
            return;
        }

        for (var i = 0; i < source.Length / sizeof(float); i++)
        {
            destination[i] = BinaryPrimitives.ReadSingleLittleEndian(source[(i * sizeof(float))..]);
        }
    }

    /// <summary>The pixels of a valid uint8 tensor, without copying them.</summary>
    public static ReadOnlyMemory<byte> Pixels(Tensor tensor) => tensor.Data.Memory;

    private static Tensor Create(DataType type, ReadOnlyMemory<byte> bytes, ReadOnlySpan<long> shape)
    {
        var tensor = new Tensor { DataType = type, Data = UnsafeByteOperations.UnsafeWrap(bytes) };
        tensor.Shape.AddRange(shape.ToArray());
        return tensor;
    }

    private static int ElementSize(DataType type) => type switch
    {
        DataType.Fp32 => 4,
        DataType.Fp16 => 2,
        DataType.Int64 or DataType.Fp64 => 8,
        DataType.Uint8 => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an element type"),
    };
}
