namespace Grpc.Core;

/// <summary>Which side of a method sends a stream.</summary>
public enum MethodType
{
    /// <summary>One request, one response.</summary>
    Unary,

    /// <summary>A stream of requests, one response.</summary>
    ClientStreaming,

    /// <summary>One request, a stream of responses.</summary>
    ServerStreaming,

    /// <summary>A stream each way, independent of one another.</summary>
    DuplexStreaming,
}
