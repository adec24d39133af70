using System.Diagnostics.Metrics;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>Tells, while somebody listens, how many searches wait for their turn, whichever orchestrator will have them.</summary>
internal sealed class QueueDepth(ISearchStorage storage, TimeProvider time, ILogger<QueueDepth> logger)
    : RecurringWork(Period, time, logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private static readonly Gauge<int> Depth = DiffusionMeshTelemetry.Meter.CreateGauge<int>(
        DiffusionMeshTelemetry.SearchQueueDepth, "{search}", "Searches that nobody has taken on since they were created or resumed.");

    protected override async Task DoAsync(CancellationToken cancellationToken)
    {
        if (Depth.Enabled)
        {
            Depth.Record((int)await storage.CountWaitingAsync(cancellationToken));
        }
    }
}
