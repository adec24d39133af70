using DiffusionMesh.Orchestrator.Searches;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Storage;

/// <summary>
/// Deletes searches that ended long ago, as the options say, when the host starts and every hour. Of several orchestrators
/// one does so at a time. What has not ended, or goes on meanwhile, stays.
/// </summary>
internal sealed partial class RetentionSweep(
    ISearchStorage storage, SearchViews views, IOptions<OrchestratorOptions> options, TimeProvider time, ILogger<RetentionSweep> logger)
    : RecurringWork(Period, time, logger)
{
    private const int AtOnce = 100;

    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>Deletes what is to be deleted now, unless another orchestrator is at it.</summary>
    public Task SweepAsync(CancellationToken cancellationToken) => storage.AloneAsync(() => DeleteAsync(cancellationToken), cancellationToken);

    protected override Task DoAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);

    private async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var (policy, now) = (options.Value.Retention, Time.GetUtcNow());
        if (policy.Days > 0)
        {
            var before = now - TimeSpan.FromDays(policy.Days);
            while (await DeleteAsync(before, AtOnce, cancellationToken))
            {
            }
        }

        if (policy.MaxSearches > 0)
        {
            while (await DeleteAsync(now, await storage.CountAsync(cancellationToken) - policy.MaxSearches, cancellationToken))
            {
            }
        }

        if (policy.ImageDays > 0)
        {
            await DropImagesAsync(now - TimeSpan.FromDays(policy.ImageDays), cancellationToken);
        }
    }

    // False once there are none.
    private async Task<bool> DeleteAsync(DateTimeOffset before, long most, CancellationToken cancellationToken)
    {
        var any = false;
        foreach (var search in most > 0 ? await storage.EndedAsync(before, withImages: false, (int)Math.Min(AtOnce, most), cancellationToken) : [])
        {
            if (await storage.DeleteAsync(search.Header.Id, cancellationToken))
            {
                any = true;
                views.Forget(search.Header.Id);
                LogDeleted(logger, search.Header.Id, search.EndTime!.Value);
            }
        }

        return any;
    }

    private async Task DropImagesAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        while (await storage.EndedAsync(before, withImages: true, AtOnce, cancellationToken) is { Count: > 0 } searches)
        {
            foreach (var search in searches)
            {
                await storage.DropImagesAsync(search.Header.Id, cancellationToken);
                LogDropped(logger, search.Header.Id, search.EndTime!.Value);
            }
        }
    }

    [LoggerMessage(EventName = "SearchExpired", Level = LogLevel.Information, Message = "Search {Search}, which ended at {EndTime}, is deleted for its age or number")]
    private static partial void LogDeleted(ILogger logger, string search, DateTimeOffset endTime);

    [LoggerMessage(EventName = "ImagesExpired", Level = LogLevel.Information, Message = "The images of search {Search}, which ended at {EndTime}, are deleted for their age")]
    private static partial void LogDropped(ILogger logger, string search, DateTimeOffset endTime);
}
