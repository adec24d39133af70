using System.Buffers;

namespace Grpc.Core;

/// <summary>Collects one message into an array, for marshallers that write to a context and callers that want bytes.</summary>
internal sealed class ArraySerializationContext : SerializationContext
{
    private ArrayBufferWriter<byte>? _writer;
    private byte[]? _payload;

    /// <exception cref="InvalidOperationException">The message was never completed.</exception>
    public byte[] Payload => _payload ?? throw new InvalidOperationException("The serializer did not complete the message.");

    public override void Complete(byte[] payload)
    {
        if (_payload is not null)
        {
            throw new InvalidOperationException("The message is complete already.");
        }

        _payload = payload;
    }

    public override IBufferWriter<byte> GetBufferWriter() => _writer ??= new ArrayBufferWriter<byte>();

    public override void SetPayloadLength(int payloadLength)
    {
        // The writer grows as needed.
    }

    public override void Complete() => Complete(_writer?.WrittenSpan.ToArray() ?? []);
}
