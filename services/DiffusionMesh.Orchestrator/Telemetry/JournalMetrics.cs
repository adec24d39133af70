using System.Diagnostics;
using System.Diagnostics.Metrics;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>What it takes to keep what happened.</summary>
internal static class JournalMetrics
{
    private static readonly Histogram<double> AppendDuration = DiffusionMeshTelemetry.Meter.CreateHistogram<double>(
        "diffusionmesh.journal.append.duration", "s", "From an entry's place in the journal to its being durable.");

    private static readonly Histogram<int> GroupEntries = DiffusionMeshTelemetry.Meter.CreateHistogram<int>(
        "diffusionmesh.journal.append.entries", "{entry}", "Entries that were made durable together.");

    /// <param name="began">Timestamp of its place in the journal.</param>
    public static void Appended(long began) => AppendDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);

    public static void Wrote(int entries) => GroupEntries.Record(entries);
}
