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

    // More failures than these are not of single searches.
    private const int MostPassed = 20;

    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>Deletes what is to be deleted now, unless another orchestrator is at it.</summary>
    public Task SweepAsync(CancellationToken cancellationToken) => storage.AloneAsync(() => DeleteAsync(cancellationToken), cancellationToken);

    protected override Task DoAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);

    private async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var (policy, now) = (options.Value.Retention, Time.GetUtcNow());
        var passed = new HashSet<string>(StringComparer.Ordinal);
        if (policy.Days > 0)
        {
            var before = now - TimeSpan.FromDays(policy.Days);
            while (await EachAsync(before, withImages: false, AtOnce, passed, DeleteAsync, cancellationToken))
            {
            }
        }

        if (policy.MaxSearches > 0)
        {
            while (await storage.CountAsync(cancellationToken) - policy.MaxSearches is > 0 and var most
                && await EachAsync(now, withImages: false, most, passed, DeleteAsync, cancellationToken))
            {
            }
        }

        if (policy.ImageDays > 0)
        {
            var before = now - TimeSpan.FromDays(policy.ImageDays);
            while (await EachAsync(before, withImages: true, AtOnce, passed, DropImagesAsync, cancellationToken))
            {
            }
        }
    }

    // What cannot be deleted is passed over, and keeps nothing else from being. False once there are no others.
    private async Task<bool> EachAsync(
        DateTimeOffset before,
        bool withImages,
        long most,
        HashSet<string> passed,
        Func<string, DateTimeOffset, CancellationToken, Task> actAsync,
        CancellationToken cancellationToken)
    {
        var count = (int)Math.Min(AtOnce, most);
        var found = await storage.EndedAsync(before, withImages, count + passed.Count, cancellationToken);
        var left = found.Where(search => !passed.Contains(search.Id)).Take(count).ToList();
        foreach (var (id, endTime) in left)
        {
            try
            {
                await actAsync(id, endTime, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && passed.Count < MostPassed)
            {
                passed.Add(id);
                LogPassed(logger, id, failure);
            }
        }

        return left.Count > 0;
    }

    private async Task DeleteAsync(string id, DateTimeOffset endTime, CancellationToken cancellationToken)
    {
        if (await storage.DeleteAsync(id, cancellationToken))
        {
            views.Forget(id);
            LogDeleted(logger, id, endTime);
        }
    }

    private async Task DropImagesAsync(string id, DateTimeOffset endTime, CancellationToken cancellationToken)
    {
        await storage.DropImagesAsync(id, cancellationToken);
        LogDropped(logger, id, endTime);
    }

    [LoggerMessage(EventName = "SearchExpired", Level = LogLevel.Information, Message = "Search {Search}, which ended at {EndTime}, is deleted for its age or number")]
    private static partial void LogDeleted(ILogger logger, string search, DateTimeOffset endTime);

    [LoggerMessage(EventName = "ImagesExpired", Level = LogLevel.Information, Message = "The images of search {Search}, which ended at {EndTime}, are deleted for their age")]
    private static partial void LogDropped(ILogger logger, string search, DateTimeOffset endTime);

    [LoggerMessage(EventName = "SearchNotExpired", Level = LogLevel.Warning, Message = "Search {Search} or its images cannot be deleted; trying again later")]
    private static partial void LogPassed(ILogger logger, string search, Exception error);
}
