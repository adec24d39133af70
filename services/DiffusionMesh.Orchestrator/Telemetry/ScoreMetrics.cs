using System.Diagnostics;
using System.Diagnostics.Metrics;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>How long verifiers take, as searches see it.</summary>
internal static class ScoreMetrics
{
    private static readonly Histogram<double> Duration = DiffusionMeshTelemetry.Meter.CreateHistogram<double>(
        "diffusionmesh.score.duration", "s", "From asking a verifier for scores to its answer, whatever is tried until then.");

    /// <summary>Measures until it is disposed of.</summary>
    /// <param name="verifier">One of few names: never one that it gives itself, or that a client does.</param>
    public static Measurement Measure(string verifier) => new(verifier, Stopwatch.GetTimestamp());

    public readonly struct Measurement(string verifier, long began) : IDisposable
    {
        public void Dispose() => Duration.Record(
            Stopwatch.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>(DiffusionMeshTelemetry.Verifier, verifier));
    }
}
