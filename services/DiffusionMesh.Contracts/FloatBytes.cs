using System.Buffers;
using System.Runtime.InteropServices;

namespace DiffusionMesh.Contracts;

/// <summary>The memory of an array of floats, seen as bytes.</summary>
internal sealed class FloatBytes(float[] values) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(values.AsSpan());

    /// <exception cref="NotSupportedException">The index does not fall on the beginning of a value.</exception>
    public override MemoryHandle Pin(int elementIndex = 0) => elementIndex % sizeof(float) == 0
        ? values.AsMemory(elementIndex / sizeof(float)).Pin()
        : throw new NotSupportedException("only the beginning of a value can be pinned");

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
