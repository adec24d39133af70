using DiffusionMesh.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Mesh.Calling;

/// <summary>Makes the policies of dependencies.</summary>
internal sealed class CallPolicies(
    IOptions<OrchestratorOptions> orchestrator,
    IOptions<MeshOptions> mesh,
    IOptions<TelemetryOptions> telemetry,
    TimeProvider time,
    ILogger<CallPolicy> logger)
{
    /// <param name="dependency">What metrics and logs call it: one of few names.</param>
    /// <param name="channel">The way to it.</param>
    /// <param name="ask">A question that takes it no work.</param>
    public CallPolicy Of(string dependency, MeshChannel channel, Func<CancellationToken, Task> ask)
    {
        var metrics = new MeshMetrics(dependency);
        channel.PodsChanged += metrics.PodsAre;
        metrics.PodsAre(channel.Pods);
        metrics.CircuitIsClosed();
        var report = new CallReport(dependency, metrics, telemetry.Value, logger);
        return new CallPolicy(() => channel.Pods, ask, report, orchestrator.Value, mesh.Value, time);
    }
}
