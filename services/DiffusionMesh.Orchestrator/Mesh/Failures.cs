using System.Net.Sockets;
using DiffusionMesh.Contracts;
using DiffusionMesh.Orchestrator.Mesh.Balancing;
using DiffusionMesh.Search.Ports;
using Google.Rpc;
using Grpc.Core;
using Polly.CircuitBreaker;
using Status = Grpc.Core.Status;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>Puts failed calls into words.</summary>
internal static class Failures
{
    // What fails on one pod may fail on all: so many others are asked.
    private const int SecondOpinions = 2;

    // Of what another service says: that may be kept with each of many candidates.
    private const int MaxDetail = 1024;

    // An error code of HTTP/2, RFC 9113 section 7.
    private const long EnhanceYourCalm = 0xb;

    // How long a pod without room is left alone that does not say when to come back.
    private static readonly TimeSpan NoRoomDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>An error of another service, as a search reports it.</summary>
    public static CallFailedException Of(string service, RpcException error) =>
        new($"{service}: {Describe(error)}", error);

    public static string Describe(RpcException error) => error.StatusCode switch
    {
        _ when IsCalm(error.Status.DebugException) =>
            "closed the connection, since it takes keep-alive pings for abuse; have it accept them "
            + "(gRPC's C core: grpc.http2.min_ping_interval_without_data_ms), or raise Mesh:KeepAliveSeconds",
        _ when IsUnreachable(error) => $"does not answer ({error.Status.Detail})",
        StatusCode.DeadlineExceeded when !CouldNotBeMet(error) => "did not answer in time",
        StatusCode.ResourceExhausted when IsUnpaid(error) => $"has no room ({error.Status.Detail})",
        _ => error.Status.Detail.Length == 0 ? error.StatusCode.ToString() : RpcErrors.Shorten(error.Status.Detail, MaxDetail),
    };

    /// <summary>
    /// Whether the service could not be reached, or no longer. gRPC calls it INTERNAL where the connection of a call breaks
    /// that has begun, as it does when a pod hangs and leaves pings unanswered.
    /// </summary>
    public static bool IsUnreachable(RpcException error) => error.StatusCode switch
    {
        StatusCode.Unavailable => true,
        StatusCode.Internal or StatusCode.Unknown => ConnectionBroke(error.Status.DebugException),
        _ => false,
    };

    /// <summary>Whether it says that the service is ill, rather than that it is busy or has been asked something wrong.</summary>
    public static bool IsFault(Exception? error) => error switch
    {
        OtherPodException { InnerException: RpcException inner } => IsFault(inner),
        RpcException { StatusCode: StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss } => true,
        RpcException { StatusCode: StatusCode.DeadlineExceeded } late => !CouldNotBeMet(late),
        RpcException unreachable => IsUnreachable(unreachable),
        _ => false,
    };

    /// <summary>What went wrong, as one of few words.</summary>
    public static string Reason(Exception? error) => error switch
    {
        BrokenCircuitException => "circuit_open",
        OtherPodException { InnerException: RpcException inner } => Reason(inner),
        OtherPodException => "other_weights",
        RpcException unreachable when IsUnreachable(unreachable) => "unavailable",
        RpcException { StatusCode: StatusCode.ResourceExhausted } => "no_room",
        RpcException { StatusCode: StatusCode.DeadlineExceeded } => "too_slow",
        RpcException { StatusCode: StatusCode.NotFound or StatusCode.FailedPrecondition } => "other_weights",
        _ => "error",
    };

    /// <summary>
    /// A failure as logs tell it. What a service says may hold a prompt, so it is told by its status code alone; what gRPC
    /// found out on this side is told.
    /// </summary>
    /// <param name="inTheirWords">Whether logs may hold prompts.</param>
    public static string ForLogs(Exception? error, bool inTheirWords) => error switch
    {
        OtherPodException { InnerException: RpcException inner } => ForLogs(inner, inTheirWords),
        OtherPodException when !inTheirWords => "it answered with something else than was pinned",
        RpcException { Status: { DebugException: null } } foreign when !inTheirWords => foreign.StatusCode.ToString(),
        RpcException told => $"{told.StatusCode}: {told.Status.Detail}",
        _ => error?.Message ?? "",
    };

    /// <summary>What a circuit that is open answers: the failure that opened it.</summary>
    public static RpcException Open(BrokenCircuitException open) =>
        (open.InnerException as RpcException ?? open.InnerException?.InnerException as RpcException)
        ?? new RpcException(new Status(StatusCode.Unavailable, "nearly every call failed", open));

    /// <summary>Whether the call was refused, or reached no server at all: nothing was evaluated for it.</summary>
    public static bool IsUnpaid(RpcException error) => error.StatusCode switch
    {
        StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition
            or StatusCode.Unimplemented or StatusCode.PermissionDenied or StatusCode.Unauthenticated => true,
        StatusCode.Unavailable => NeverConnected(error.Status.DebugException) || IsStopping(error),
        StatusCode.DeadlineExceeded => CouldNotBeMet(error),

        // Without a time to come back at it may as well be an answer that was made, and was too large to be sent.
        StatusCode.ResourceExhausted => RpcErrors.Detail<RetryInfo>(error) is not null,
        _ => false,
    };

    /// <summary>Whether an answer was made that is too large to be sent or to be received: it will be each time.</summary>
    public static bool IsTooLarge(RpcException error) =>
        error.StatusCode == StatusCode.ResourceExhausted && !IsUnpaid(error) && !IsCalm(error.Status.DebugException);

    /// <summary>What becomes of a failure where there are other pods: what one has not, or cannot do, another may.</summary>
    public static Exception Elsewhere(CallRoute route, RpcException error) => error.StatusCode switch
    {
        _ when route.OtherPods == 0 => error,
        _ when IsUnreachable(error) => error,
        StatusCode.NotFound or StatusCode.FailedPrecondition => new OtherPodException(Describe(error), route.OtherPods, error),
        StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss or StatusCode.DeadlineExceeded =>
            new OtherPodException(Describe(error), Math.Min(SecondOpinions, route.OtherPods), error),
        _ => error,
    };

    /// <summary>Tells the balancer what a failure says of the pod that the call went to.</summary>
    public static void Report(CallRoute route, RpcException error)
    {
        switch (error.StatusCode)
        {
            case StatusCode.ResourceExhausted:
            case StatusCode.DeadlineExceeded when CouldNotBeMet(error):
                route.Defer(RpcErrors.Detail<RetryInfo>(error)?.RetryDelay?.ToTimeSpan() ?? NoRoomDelay);
                break;

            case StatusCode.NotFound:
            case StatusCode.FailedPrecondition:
                route.Mismatch();
                break;

            case StatusCode.InvalidArgument:
                break;

            default:
                route.Fail();
                break;
        }
    }

    private static bool IsStopping(RpcException error) => RpcErrors.Detail<ErrorInfo>(error)?.Reason == RpcErrors.StoppingReason;

    private static bool CouldNotBeMet(RpcException error) => RpcErrors.Detail<ErrorInfo>(error)?.Reason == RpcErrors.DeadlineCannotBeMetReason;

    private static bool IsCalm(Exception? cause) =>
        cause is HttpProtocolException { ErrorCode: EnhanceYourCalm } || (cause?.InnerException is { } inner && IsCalm(inner));

    private static bool ConnectionBroke(Exception? cause) =>
        cause is IOException or SocketException || (cause?.InnerException is { } inner && ConnectionBroke(inner));

    private static bool NeverConnected(Exception? cause) =>
        cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
        || cause?.InnerException is { } inner && NeverConnected(inner)
        || cause is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
}
