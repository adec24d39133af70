namespace DiffusionMesh.Orchestrator;

/// <summary>
/// What a host does when it starts and every so often. A turn that fails, whatever with, is logged; the next one comes all
/// the same, and the host goes on.
/// </summary>
internal abstract partial class RecurringWork(TimeSpan period, TimeProvider time, ILogger logger) : BackgroundService
{
    protected TimeProvider Time { get; } = time;

    /// <summary>One turn.</summary>
    protected abstract Task DoAsync(CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, Time);
        do
        {
            try
            {
                await DoAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, GetType().Name, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(EventName = "RecurringWorkFailed", Level = LogLevel.Warning, Message = "{Work} failed; trying again later")]
    private static partial void LogFailed(ILogger logger, string work, Exception error);
}
