using Quartz;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Searches that wait for an orchestrator with room, in the scheduler's store: one job each.</summary>
internal sealed class SearchQueue(ISchedulerFactory schedulers)
{
    private const string Group = "searches";

    // Places lie in the past, where the scheduler takes the earliest first, and as soon as it can.
    private static readonly DateTimeOffset FirstPlace = new(100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Lets a search wait for its turn. Does nothing if it waits or runs already.</summary>
    /// <param name="place">The lower the sooner.</param>
    public async Task AddAsync(string id, long place, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        if (!await scheduler.Exists(Key(id), cancellationToken))
        {
            await AddNewAsync(scheduler, id, place, cancellationToken);
        }
    }

    /// <summary>The same for many searches, most of which wait or run already.</summary>
    public async Task AddMissingAsync(IReadOnlyCollection<(string Id, long Place)> searches, CancellationToken cancellationToken)
    {
        if (searches.Count == 0)
        {
            return;
        }

        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var known = (await scheduler.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(Group), cancellationToken)).ToHashSet();
        foreach (var search in searches.Where(search => !known.Contains(Key(search.Id))))
        {
            await AddNewAsync(scheduler, search.Id, search.Place, cancellationToken);
        }
    }

    /// <summary>
    /// Lets searches whose orchestrator was lost be taken on before all that wait: the scheduler queues them by the clock, which
    /// is behind every place.
    /// </summary>
    /// <returns>Their identifiers.</returns>
    public async Task<IReadOnlyList<string>> RecoverFirstAsync(CancellationToken cancellationToken)
    {
        var moved = new List<string>();
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        foreach (var key in await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.GroupEquals(SchedulerConstants.DefaultRecoveryGroup), cancellationToken))
        {
            // While the search runs its trigger is still there, complete. One that fires meanwhile is no longer there to be replaced.
            if (await scheduler.GetTrigger(key, cancellationToken) is { JobKey: { Group: Group } job }
                && await scheduler.GetTriggerState(key, cancellationToken) == TriggerState.Normal
                && await scheduler.RescheduleJob(key, Trigger(job.Name, FirstPlace), cancellationToken) is not null)
            {
                moved.Add(job.Name);
            }
        }

        return moved;
    }

    /// <summary>Lets a search that was reopened wait for its turn, even if whoever ended it is not quite done with it.</summary>
    public async Task AddReopenedAsync(string id, long place, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await scheduler.ScheduleJob(
            Job(id), [Trigger(id, FirstPlace.AddTicks(place))], new ScheduleJobOptions { Replace = true }, cancellationToken);
    }

    /// <summary>Lets a search that runs here be taken on again, here or elsewhere, once it is left.</summary>
    /// <param name="scheduler">The one that runs it: it may be shutting down.</param>
    public static async Task AddAgainAsync(IScheduler scheduler, string id, TimeSpan delay)
    {
        try
        {
            await scheduler.ScheduleJob(Trigger(id, delay == TimeSpan.Zero ? FirstPlace : scheduler.TimeProvider.GetUtcNow() + delay));
        }
        catch (SchedulerException) when (scheduler.Status is SchedulerStatus.ShuttingDown or SchedulerStatus.Shutdown)
        {
            // Unfinished and in no queue: the others find it, or this orchestrator when it starts again.
        }
    }

    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await scheduler.DeleteJob(Key(id), cancellationToken);
    }

    /// <summary>Takes no more searches on here.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await scheduler.Standby(cancellationToken);
    }

    private static async Task AddNewAsync(IScheduler scheduler, string id, long place, CancellationToken cancellationToken)
    {
        try
        {
            await scheduler.ScheduleJob(Job(id), Trigger(id, FirstPlace.AddTicks(place)), cancellationToken: cancellationToken);
        }
        catch (ObjectAlreadyExistsException)
        {
            // Another orchestrator was faster.
        }
    }

    private static JobKey Key(string id) => new(id, Group);

    private static IJobDetail Job(string id) => JobBuilder.Create<SearchJob>().WithIdentity(Key(id)).RequestRecovery().Build();

    private static ITrigger Trigger(string id, DateTimeOffset at) => TriggerBuilder.Create()
        .WithIdentity($"{id}/{Guid.NewGuid():N}", Group)
        .ForJob(Key(id))
        .StartAt(at)
        .WithSchedule(SimpleScheduleBuilder.Create().WithMisfireInstruction(SimpleTriggerMisfireInstruction.IgnoreMisfires))
        .Build();
}
