namespace Grpc.Core;

/// <summary>Where a channel is in getting and keeping a connection.</summary>
public enum ConnectivityState
{
    /// <summary>Not connected, and not trying.</summary>
    Idle,

    /// <summary>Trying to connect.</summary>
    Connecting,

    /// <summary>Connected.</summary>
    Ready,

    /// <summary>The last try failed; the next one comes after a pause.</summary>
    TransientFailure,

    /// <summary>Closed for good.</summary>
    Shutdown,
}
