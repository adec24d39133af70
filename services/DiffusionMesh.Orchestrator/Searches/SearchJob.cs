using DiffusionMesh.Orchestrator.Storage;
using Quartz;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>One search, as the scheduler knows it: the key of the job is the search's identifier.</summary>
[DisallowConcurrentExecution]
internal sealed partial class SearchJob(SearchRun run, ILogger<SearchJob> logger) : IJob
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var id = context.JobDetail.Key.Name;
        try
        {
            await run.RunAsync(id, handBack: () => SearchQueue.AddAgainAsync(context.Scheduler, id, TimeSpan.Zero), CancellationToken.None);
        }
        catch (StorageException failure)
        {
            LogPutOff(logger, id, RetryDelay, failure);
            await SearchQueue.AddAgainAsync(context.Scheduler, id, RetryDelay);
        }
    }

    [LoggerMessage(EventName = "SearchPutOff", Level = LogLevel.Error, Message = "Search {Search} is put off for {Delay}: what happened could not be kept")]
    private static partial void LogPutOff(ILogger logger, string search, TimeSpan delay, Exception error);
}
