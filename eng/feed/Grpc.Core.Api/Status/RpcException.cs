namespace Grpc.Core;

/// <summary>A call ended with another status than <see cref="StatusCode.OK"/>; a server throws it to choose that status.</summary>
public class RpcException : Exception
{
    /// <summary>Fails with a status and no trailers.</summary>
    public RpcException(Status status)
        : this(status, Metadata.Empty)
    {
    }

    /// <summary>Fails with a status, no trailers, and a message of its own.</summary>
    public RpcException(Status status, string message)
        : this(status, Metadata.Empty, message)
    {
    }

    /// <summary>Fails with a status and trailers; the message repeats the status.</summary>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, status.ToString())
    {
    }

    /// <summary>Fails with a status, trailers and a message of its own.</summary>
    public RpcException(Status status, Metadata trailers, string message)
        : base(message, status.DebugException)
    {
        Status = status;
        Trailers = trailers ?? throw new ArgumentNullException(nameof(trailers));
    }

    /// <summary>How the call ended.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>, for exception filters.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>The metadata that ended the call; never null.</summary>
    public Metadata Trailers { get; }
}
