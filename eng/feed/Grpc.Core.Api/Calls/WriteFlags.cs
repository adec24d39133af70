namespace Grpc.Core;

/// <summary>How one message is to be written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>The message may wait in a buffer for the next one.</summary>
    BufferHint = 0x1,

    /// <summary>The message is sent uncompressed although the call compresses.</summary>
    NoCompress = 0x2,
}
