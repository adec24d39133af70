namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Puts searches whose orchestrator was lost in front of those that wait, soon after the scheduler has queued them again.</summary>
internal sealed partial class RecoverySweep(SearchQueue queue, TimeProvider time, ILogger<RecoverySweep> logger) : RecurringWork(Period, time, logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task DoAsync(CancellationToken cancellationToken)
    {
        foreach (var search in await queue.RecoverFirstAsync(cancellationToken))
        {
            LogRecovered(logger, search);
        }
    }

    [LoggerMessage(EventName = "SearchRecovered", Level = LogLevel.Information, Message = "Search {Search} is next: its orchestrator was lost")]
    private static partial void LogRecovered(ILogger logger, string search);
}
