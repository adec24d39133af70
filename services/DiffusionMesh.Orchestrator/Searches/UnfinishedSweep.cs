using DiffusionMesh.Orchestrator.Storage;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// Queues searches that have not ended and that nobody has queued: those of an earlier run of this host, and those whose
/// creator stopped before it could.
/// </summary>
internal sealed class UnfinishedSweep(ISearchStorage storage, SearchQueue queue, TimeProvider time, ILogger<UnfinishedSweep> logger)
    : RecurringWork(Period, time, logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    protected override async Task DoAsync(CancellationToken cancellationToken) =>
        await queue.AddMissingAsync(await storage.UnfinishedAsync(cancellationToken), cancellationToken);
}
