using DiffusionMesh.Contracts.SearchV1;
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

        await _queue.AddMissingAsync([new SearchHeader { Id = "a", Place = 1 }, new SearchHeader { Id = "b", Place = 2 }], CancellationToken.None);
        await _queue.AddMissingAsync([new SearchHeader { Id = "b", Place = 2 }], CancellationToken.None);

        Assert.Equal(["a", "b"], (await TriggersAsync()).Select(trigger => trigger.Name.Split('/')[0]).Order(StringComparer.Ordinal));
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

    private async Task<IEnumerable<TriggerKey>> TriggersAsync() => await _scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.AnyGroup());
}
