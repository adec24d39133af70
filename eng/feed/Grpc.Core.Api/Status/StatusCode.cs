namespace Grpc.Core;

/// <summary>Outcome of a call, with the numbers used on the wire in <c>grpc-status</c>.</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The caller gave up.</summary>
    Cancelled = 1,

    /// <summary>An error whose kind is not known, such as an exception that a server did not translate.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed first. The operation may have succeeded nevertheless.</summary>
    DeadlineExceeded = 4,

    /// <summary>The requested entity does not exist.</summary>
    NotFound = 5,

    /// <summary>The entity to be created is there already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known but may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota, a queue or a disk is full.</summary>
    ResourceExhausted = 8,

    /// <summary>The system's state must be changed before a retry can succeed.</summary>
    FailedPrecondition = 9,

    /// <summary>The operation lost against a concurrent one; retry at a higher level.</summary>
    Aborted = 10,

    /// <summary>The operation went past a valid range, which may grow.</summary>
    OutOfRange = 11,

    /// <summary>The service does not have this operation.</summary>
    Unimplemented = 12,

    /// <summary>An invariant of the system is broken.</summary>
    Internal = 13,

    /// <summary>The service cannot be reached now; a retry may succeed.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or damaged for good.</summary>
    DataLoss = 15,

    /// <summary>The caller did not prove who it is.</summary>
    Unauthenticated = 16,
}
