using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller puts a message: either one array, or a buffer that it fills and then completes.</summary>
public abstract class SerializationContext
{
    /// <summary>Takes the array as the whole message. The array must not be changed afterwards.</summary>
    public virtual void Complete(byte[] payload) =>
        throw new NotSupportedException($"{GetType()} does not take a message as one array.");

    /// <summary>The buffer that receives the message until <see cref="Complete()"/>.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() =>
        throw new NotSupportedException($"{GetType()} has no buffer to write to.");

    /// <summary>Announces the size of the message in bytes, before anything is written.</summary>
    public virtual void SetPayloadLength(int payloadLength) =>
        throw new NotSupportedException($"{GetType()} cannot be told a size.");

    /// <summary>Ends the message written to the buffer.</summary>
    public virtual void Complete() =>
        throw new NotSupportedException($"{GetType()} does not take a message through a buffer.");
}
