using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller finds the bytes of a message.</summary>
public abstract class DeserializationContext
{
    /// <summary>Size of the message in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>The message in an array that the caller may keep.</summary>
    public virtual byte[] PayloadAsNewBuffer() =>
        throw new NotSupportedException($"{GetType()} does not give the message as an array.");

    /// <summary>The message without a copy, valid only while it is being deserialized.</summary>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() =>
        throw new NotSupportedException($"{GetType()} does not give the message as a sequence.");
}
