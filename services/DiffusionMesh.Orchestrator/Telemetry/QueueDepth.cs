using System.Diagnostics.Metrics;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>Tells, while somebody listens, how many searches wait for their first turn, whichever orchestrator will have them.</summary>
internal sealed class QueueDepth(ISearchStorage storage, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private static readonly Gauge<int> Depth = DiffusionMeshTelemetry.Meter.CreateGauge<int>(
        DiffusionMeshTelemetry.SearchQueueDepth, "{search}", "Searches that wait for their first turn.");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            if (!Depth.Enabled)
            {
                continue;
            }

            try
            {
                Depth.Record((await storage.UnfinishedAsync(stoppingToken)).Count(search => search.Epoch == 0));
            }
            catch (StorageException)
            {
                // Those who need the storage say so; what was told last stays.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
