using DiffusionMesh.Contracts;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>What both stores forget, and when.</summary>
public sealed class RetentionTests
{
    private readonly SetTime _time = new();

    public static TheoryData<string> Stores => StoreUnderTest.All;

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Sweep_SearchesThatEndedLongAgo_AreDeletedAndOthersKept(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind, _time);
        var old = await EndedAsync(store);
        var unfinished = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        var reopened = await EndedAsync(store);
        await store.Storage.ReopenAsync(reopened, None);
        _time.Pass(TimeSpan.FromDays(10));
        var recent = await EndedAsync(store);

        await SweepAsync(store, policy => policy.Days = 10);
        Assert.NotNull(await store.Storage.FindAsync(old, None));
        _time.Pass(TimeSpan.FromSeconds(1));
        await SweepAsync(store, policy => policy.Days = 10);

        Assert.Equal([recent, reopened, unfinished], (await store.Storage.ListAsync(null, null, 10, None)).Select(search => search.Header.Id));
        Assert.Equal(3, await store.Storage.CountAsync(None));
        await SweepAsync(store, policy => (policy.Days, policy.MaxSearches) = (0, 0));
        Assert.Equal(3, await store.Storage.CountAsync(None));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Sweep_TooManySearches_DeletesThoseThatEndedFirst(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind, _time);
        var unfinished = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        var ended = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ended.Add(await EndedAsync(store));
            _time.Pass(TimeSpan.FromSeconds(1));
        }

        await SweepAsync(store, policy => policy.MaxSearches = 3);
        Assert.Equal([ended[3], ended[2], unfinished], (await store.Storage.ListAsync(null, null, 10, None)).Select(search => search.Header.Id));
        await SweepAsync(store, policy => policy.MaxSearches = 1);

        Assert.Equal([unfinished], (await store.Storage.ListAsync(null, null, 10, None)).Select(search => search.Header.Id));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Sweep_ImagesThatAreOld_AreDeletedBeforeTheirSearch(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind, _time);
        var old = await EndedAsync(store);
        var running = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using var log = await store.Storage.TakeAsync(running, "one", None);
        await log.AppendAsync(Samples.Waste(1), [Samples.Image(1)], []);
        _time.Pass(TimeSpan.FromDays(3));
        var recent = await EndedAsync(store);

        await SweepAsync(store, policy => policy.ImageDays = 2);
        await SweepAsync(store, policy => policy.ImageDays = 2);
        await store.Storage.DropImagesAsync(running, None);

        var image = JournalMapping.ToMessage(Samples.Image(1));
        Assert.Null(await store.Storage.FindImageAsync(old, image, None));
        Assert.NotNull(await store.Storage.FindImageAsync(recent, image, None));
        Assert.NotNull(await store.Storage.FindImageAsync(running, image, None));
        Assert.Equal(2, (await store.Storage.ReadAsync(old, 0, None)).Count);
        Assert.True((await store.Storage.FindAsync(old, None))!.ImagesDropped);
        Assert.False((await store.Storage.FindAsync(recent, None))!.ImagesDropped);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Reopen_ImagesAreNoLongerKept_DoesNothing(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind, _time);
        var id = await EndedAsync(store);
        await store.Storage.DropImagesAsync(id, None);

        var reopened = await store.Storage.ReopenAsync(id, (_, _, _) => throw new InvalidOperationException("it may not be asked"), None);

        Assert.True(reopened is { HasEnded: true, ImagesDropped: true });
        Assert.Equal(2, (await store.Storage.ReadAsync(id, 0, None)).Count);
    }

    [Fact]
    public async Task Sweep_SearchThatCannotBeDeleted_KeepsNoOtherFromBeing()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory, _time);
        var first = await EndedAsync(store);
        _time.Pass(TimeSpan.FromSeconds(1));
        await EndedAsync(store);
        _time.Pass(TimeSpan.FromDays(2));
        // Where its folder has to go.
        var inTheWay = Directory.CreateDirectory(Path.Combine(store.Directory, "searches", $".deleted-{first}"));

        await SweepAsync(store, policy => policy.Days = 1);
        var last = await EndedAsync(store);
        _time.Pass(TimeSpan.FromSeconds(1));
        await SweepAsync(store, policy => (policy.Days, policy.MaxSearches) = (0, 1));

        Assert.Null(await store.Storage.FindAsync(last, None));
        Assert.Equal([first], (await store.Storage.ListAsync(null, null, 10, None)).Select(search => search.Header.Id));
        inTheWay.Delete();
        await SweepAsync(store, policy => policy.Days = 1);
        Assert.Equal(0, await store.Storage.CountAsync(None));
    }

    private static CancellationToken None => CancellationToken.None;

    private static async Task<string> EndedAsync(StoreUnderTest store)
    {
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using var log = await store.Storage.TakeAsync(id, "one", None);
        await log.AppendAsync(Samples.Waste(1), [Samples.Image(1)], []);
        await log.AppendAsync(Samples.End(), [], []);
        return id;
    }

    private async Task SweepAsync(StoreUnderTest store, Action<RetentionOptions> policy)
    {
        var options = new OrchestratorOptions();
        policy(options.Retention);
        using var sweep = new RetentionSweep(
            store.Storage, new SearchViews(store.Storage), Options.Create(options), _time, NullLogger<RetentionSweep>.Instance);
        await sweep.SweepAsync(None);
    }

    // A clock that the test sets.
    private sealed class SetTime : TimeProvider
    {
        private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Pass(TimeSpan time) => _now += time;
    }
}
