using System.Diagnostics.Metrics;
using Grpc.Core;

namespace DiffusionMesh.ServiceDefaults.Telemetry;

/// <summary>Metrics of calls, by OpenTelemetry's semantic conventions for RPC.</summary>
internal static class CallMetrics
{
    private static readonly Histogram<double> Duration = DiffusionMeshTelemetry.Meter.CreateHistogram<double>(
        "rpc.server.call.duration",
        "s",
        "Duration of inbound calls.");

    /// <param name="method">Full name, for example <c>/diffusionmesh.search.v1.SearchService/GetSearch</c>.</param>
    /// <param name="code">How the call ended.</param>
    /// <param name="elapsed">How long it took.</param>
    public static void Record(string method, StatusCode code, TimeSpan elapsed) => Duration.Record(
        elapsed.TotalSeconds,
        new("rpc.system.name", "grpc"),
        new("rpc.method", method.TrimStart('/')),
        new("rpc.response.status_code", StatusName(code)));

    private static string StatusName(StatusCode code) => code switch
    {
        StatusCode.OK => "OK",
        StatusCode.Cancelled => "CANCELLED",
        StatusCode.Unknown => "UNKNOWN",
        StatusCode.InvalidArgument => "INVALID_ARGUMENT",
        StatusCode.DeadlineExceeded => "DEADLINE_EXCEEDED",
        StatusCode.NotFound => "NOT_FOUND",
        StatusCode.AlreadyExists => "ALREADY_EXISTS",
        StatusCode.PermissionDenied => "PERMISSION_DENIED",
        StatusCode.Unauthenticated => "UNAUTHENTICATED",
        StatusCode.ResourceExhausted => "RESOURCE_EXHAUSTED",
        StatusCode.FailedPrecondition => "FAILED_PRECONDITION",
        StatusCode.Aborted => "ABORTED",
        StatusCode.OutOfRange => "OUT_OF_RANGE",
        StatusCode.Unimplemented => "UNIMPLEMENTED",
        StatusCode.Internal => "INTERNAL",
        StatusCode.Unavailable => "UNAVAILABLE",
        StatusCode.DataLoss => "DATA_LOSS",
        _ => code.ToString(),
    };
}
