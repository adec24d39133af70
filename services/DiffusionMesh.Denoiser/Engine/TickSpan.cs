using System.Diagnostics;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>The span of a tick. It serves many calls: it is a child of the first and linked to the others.</summary>
internal static class TickSpan
{
    /// <returns>Null if nobody listens.</returns>
    public static Activity? Start(List<Seat> chosen, int rows)
    {
        if (!DiffusionMeshTelemetry.Source.HasListeners())
        {
            return null;
        }

        var links = chosen.Select(seat => seat.Call.Span).Distinct().Skip(1).Where(span => span != default).Select(span => new ActivityLink(span));
        var span = DiffusionMeshTelemetry.Source.StartActivity("denoiser.tick", ActivityKind.Internal, chosen[0].Call.Span, links: links);
        span?.SetTag(DiffusionMeshTelemetry.Rows, rows);
        span?.SetTag(DiffusionMeshTelemetry.BatchSize, chosen.Count);
        return span;
    }
}
