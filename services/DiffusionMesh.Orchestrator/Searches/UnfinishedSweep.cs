using DiffusionMesh.Orchestrator.Storage;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// Queues searches that have not ended and that nobody has queued: those of an earlier run of this host, and those whose
/// creator stopped before it could.
/// </summary>
internal sealed partial class UnfinishedSweep(ISearchStorage storage, SearchQueue queue, TimeProvider time, ILogger<UnfinishedSweep> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                var unfinished = await storage.UnfinishedAsync(stoppingToken);
                await queue.AddMissingAsync([.. unfinished.Select(search => search.Header)], stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(EventName = "UnfinishedSweepFailed", Level = LogLevel.Warning, Message = "Unfinished searches could not be queued; trying again later")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
