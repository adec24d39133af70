using System.Diagnostics;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>Starts spans of searches. They cross threads: none becomes the current one of the thread that begins it.</summary>
internal static class SearchSpans
{
    /// <param name="call">What it waited for: it began when the call did, and is linked to it.</param>
    /// <returns>Null if nobody listens.</returns>
    public static Activity? Start(string name, ActivityContext parent, Activity? call = null)
    {
        var current = Activity.Current;
        var started = DiffusionMeshTelemetry.Source.StartActivity(
            name,
            ActivityKind.Internal,
            parent,
            links: call is null ? null : [new ActivityLink(call.Context)],
            startTime: call?.StartTimeUtc ?? default);
        Activity.Current = current;
        return started;
    }

    /// <summary>Tells of a line of the ledger.</summary>
    public static void Segment(ActivityContext parent, SegmentCost cost, Activity? call = null)
    {
        using var segment = Start("segment", parent, call);
        segment?.SetTag(DiffusionMeshTelemetry.NfePurpose, cost.Purpose);
        segment?.SetTag(DiffusionMeshTelemetry.Nfe, cost.Nfe);
        if (cost.Rows > 0)
        {
            segment?.SetTag(DiffusionMeshTelemetry.Rows, cost.Rows);
        }

        if (cost.Recalled > 0)
        {
            segment?.SetTag(DiffusionMeshTelemetry.NfeRecalled, cost.Recalled);
        }

        if (cost.Purpose == SegmentCost.Wasted)
        {
            segment?.SetStatus(ActivityStatusCode.Error, "lost with a call");
        }
    }
}
