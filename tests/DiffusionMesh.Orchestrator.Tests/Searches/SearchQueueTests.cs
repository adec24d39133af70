using DiffusionMesh.Orchestrator.Searches;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace DiffusionMesh.Orchestrator.Tests.Searches;

public sealed class SearchQueueTests : IAsyncLifetime
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddQuartz(quartz => quartz.UseInMemoryStore()).BuildServiceProvider();
    private IScheduler _scheduler = null!;
    private SearchQueue _queue = null!;

    public async Task InitializeAsync()
    {
        var schedulers = _services.GetRequiredService<ISchedulerFactory>();
        (_scheduler, _queue) = (await schedulers.GetScheduler(), new SearchQueue(schedulers));
    }

    public async Task DisposeAsync() => await _services.DisposeAsync();

    [Fact]
    public async Task AddMissing_SomeOfThemWait_AddsTheOthers()
    {
        await _queue.AddAsync("a", place: 1, CancellationToken.None);

        await _queue.AddMissingAsync([("a", 1), ("b", 2)], CancellationToken.None);
        await _queue.AddMissingAsync([("b", 2)], CancellationToken.None);

        Assert.Equal(["a", "b"], (await TriggersAsync()).Select(trigger => trigger.Name.Split('/')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Add_AtAnyPlace_MayBeTakenOnAtOnceAndInOrder()
    {
        foreach (var place in (long[])[0, 1, FairPlace.Last - 1, FairPlace.Last])
        {
            await _queue.AddAsync($"{place:D20}", place, CancellationToken.None);
        }

        var keys = await TriggersAsync();
        var triggers = await Task.WhenAll(keys.Select(async key => (key.Name, Time: (await _scheduler.GetTrigger(key))!.StartTimeUtc)));

        Assert.All(triggers, trigger => Assert.True(trigger.Time < DateTimeOffset.UtcNow, $"{trigger.Name}: {trigger.Time}"));
        Assert.Equal(triggers.Select(trigger => trigger.Name).Order(StringComparer.Ordinal), triggers.OrderBy(trigger => trigger.Time).Select(trigger => trigger.Name));
        Assert.Equal(triggers.Length, triggers.Select(trigger => trigger.Time).Distinct().Count());
    }

    [Fact]
    public async Task AddAgain_OnceTheSchedulerIsShutDown_LeavesTheSearchToOthers()
    {
        await _queue.AddAsync("a", place: 1, CancellationToken.None);
        await _scheduler.Shutdown(waitForJobsToComplete: true);

        await SearchQueue.AddAgainAsync(_scheduler, "a", TimeSpan.Zero);
    }

    [Fact]
    public async Task AddAgain_WhileTheSchedulerGoesOn_SaysWhatFails()
    {
        await Assert.ThrowsAnyAsync<SchedulerException>(() => SearchQueue.AddAgainAsync(_scheduler, "unknown", TimeSpan.Zero));
    }

    [Fact]
    public async Task RecoverFirst_SearchThatTheSchedulerHasQueuedAgain_IsBeforeAllThatWait()
    {
        await _queue.AddAsync("waits", place: 1, CancellationToken.None);
        await _queue.AddAsync("lost", place: 5, CancellationToken.None);
        await _scheduler.RescheduleJob(
            (await TriggersAsync()).Single(key => key.Name.StartsWith("lost", StringComparison.Ordinal)),
            TriggerBuilder.Create().WithIdentity("recover_1", SchedulerConstants.DefaultRecoveryGroup).ForJob("lost", "searches").StartAt(DateTimeOffset.UtcNow).Build());

        var moved = await _queue.RecoverFirstAsync(CancellationToken.None);
        var again = await _queue.RecoverFirstAsync(CancellationToken.None);

        Assert.Equal(["lost"], moved);
        Assert.Empty(again);
        var triggers = await Task.WhenAll((await TriggersAsync()).Select(async key => (await _scheduler.GetTrigger(key))!));
        Assert.Equal(["lost", "waits"], triggers.OrderBy(trigger => trigger.StartTimeUtc).ThenBy(trigger => trigger.JobKey.Name).Select(trigger => trigger.JobKey.Name));
    }

    private async Task<IEnumerable<TriggerKey>> TriggersAsync() => await _scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.AnyGroup());
}
