using System.Diagnostics.Metrics;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Orchestrator.Mesh.Calling;

/// <summary>What the calls to one dependency are like.</summary>
internal sealed class MeshMetrics(string dependency)
{
    private static readonly Counter<long> Retries = DiffusionMeshTelemetry.Meter.CreateCounter<long>(
        DiffusionMeshTelemetry.MeshRetries, "{call}", "Calls that were made again, by what went wrong.");

    private static readonly Counter<long> Hedges = DiffusionMeshTelemetry.Meter.CreateCounter<long>(
        DiffusionMeshTelemetry.MeshHedges, "{call}", "Slow calls that were made a second time elsewhere, by which was done first.");

    private static readonly Gauge<int> Circuit = DiffusionMeshTelemetry.Meter.CreateGauge<int>(
        DiffusionMeshTelemetry.MeshCircuit, "1", "State of the circuit: 0 closed, 1 half open, 2 open.");

    private static readonly Gauge<int> Pods = DiffusionMeshTelemetry.Meter.CreateGauge<int>(
        DiffusionMeshTelemetry.MeshPods, "{pod}", "Pods that can be reached.");

    private readonly KeyValuePair<string, object?> _dependency = new(DiffusionMeshTelemetry.Dependency, dependency);

    public void Retried(string reason) => Retries.Add(1, _dependency, new(DiffusionMeshTelemetry.RetryReason, reason));

    public void Hedged(bool won) => Hedges.Add(1, _dependency, new(DiffusionMeshTelemetry.HedgeOutcome, won ? "won" : "lost"));

    public void CircuitIsClosed() => Circuit.Record(0, _dependency);

    public void CircuitIsHalfOpen() => Circuit.Record(1, _dependency);

    public void CircuitIsOpen() => Circuit.Record(2, _dependency);

    public void PodsAre(int ready) => Pods.Record(ready, _dependency);
}
