using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>
/// A search has one trace, however often and wherever it is taken on: the trace's identifier is derived from the search's.
/// Each run is a root of that trace, so that the configured sampler decides about it, and decides the same each time.
/// </summary>
internal static class SearchTraceId
{
    [ThreadStatic]
    private static ActivityTraceId? _next;

    static SearchTraceId() => Activity.TraceIdGenerator = static () => _next ?? ActivityTraceId.CreateRandom();

    /// <summary>The first 16 bytes of SHA-256 over the identifier: spread evenly, as samplers by ratio expect.</summary>
    public static ActivityTraceId Of(string search) =>
        ActivityTraceId.CreateFromBytes(SHA256.HashData(Encoding.UTF8.GetBytes(search)).AsSpan(0, 16));

    /// <summary>Starts a root span in the trace of a search.</summary>
    /// <returns>Null if nobody listens.</returns>
    public static Activity? StartRoot(string name, string search)
    {
        Activity.Current = null;
        _next = Of(search);
        try
        {
            return DiffusionMeshTelemetry.Source.StartActivity(name, ActivityKind.Internal, parentContext: default);
        }
        finally
        {
            _next = null;
        }
    }
}
