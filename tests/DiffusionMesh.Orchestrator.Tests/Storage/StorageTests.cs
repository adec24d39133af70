using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>What both stores promise.</summary>
public sealed class StorageTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string> Stores => StoreUnderTest.All;

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Append_StoreOpenedAnew_KeepsEntriesInOrderWithoutGaps(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using (var log = await store.Storage.TakeAsync(id, "one", None))
        {
            await Task.WhenAll(Enumerable.Range(1, 1000).Select(i => log.AppendAsync(Samples.Waste(i), [], [])));
        }

        await store.ReopenAsync();

        var entries = await store.Storage.ReadAsync(id, 0, None);
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (long)i), entries.Select(entry => entry.Number));
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (long)i), entries.Select(entry => entry.WastedNfe));
        Assert.All(entries, entry => Assert.Equal(1, entry.Epoch));
        Assert.Equal(700, (await store.Storage.ReadAsync(id, 699, None))[0].Number);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Take_WhileAnotherWrites_OnlyTheNewOneCanWrite(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using var first = await store.Storage.TakeAsync(id, "one", None);
        await first.AppendAsync(Samples.Waste(1), [], []);

        await using var second = await store.Storage.TakeAsync(id, "two", None);

        await Assert.ThrowsAsync<SearchLostException>(() => first.AppendAsync(Samples.Waste(2), [], []));
        await FiredAsync(first.Lost);
        await second.AppendAsync(Samples.Waste(3), [], []);
        Assert.Equal([1, 3], (await store.Storage.ReadAsync(id, 0, None)).Select(entry => entry.WastedNfe));
        Assert.Equal(2, (await store.Storage.FindAsync(id, None))!.Epoch);
        Assert.False(second.Lost.IsCancellationRequested);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Follow_SearchThatGoesOn_SeesPastAndFuture(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using var log = await store.Storage.TakeAsync(id, "one", None);
        await log.AppendAsync(Samples.Waste(1), [], []);
        await log.AppendAsync(Samples.Waste(2), [], []);
        var seen = new List<long>();

        await foreach (var entry in store.Storage.FollowAsync(id, after: 1, None))
        {
            seen.Add(entry.WastedNfe);
            if (seen.Count == 10)
            {
                break;
            }

            await log.AppendAsync(Samples.Waste(entry.WastedNfe + 1), [], []);
        }

        Assert.Equal(Enumerable.Range(2, 10).Select(i => (long)i), seen);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Follow_SearchIsDeleted_Ends(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        var follower = Task.Run(async () =>
        {
            await foreach (var _ in store.Storage.FollowAsync(id, 0, None))
            {
            }
        });
        await using (var log = await store.Storage.TakeAsync(id, "one", None))
        {
            await log.AppendAsync(Samples.End(), [], []);
        }

        Assert.True(await store.Storage.DeleteAsync(id, None));

        await follower;
        Assert.True(await store.Storage.DeleteAsync(id, None));
        Assert.Null(await store.Storage.FindAsync(id, None));
        Assert.Empty(await store.Storage.ReadAsync(id, 0, None));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Append_BehindTheEnd_IsRefusedAndTheSearchHasEnded(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using (var log = await store.Storage.TakeAsync(id, "one", None))
        {
            // At once, so that they come into one group; and one that comes when all is written.
            Task[] written = [log.AppendAsync(Samples.Waste(1), [], []), log.AppendAsync(Samples.End(), [], []), log.AppendAsync(Samples.Waste(2), [], [])];
            await Task.WhenAll(written[..2]);
            await Assert.ThrowsAsync<SearchLostException>(() => written[2]);
            await Assert.ThrowsAsync<SearchLostException>(() => log.AppendAsync(Samples.Waste(3), [], []));
        }

        await store.ReopenAsync();

        Assert.True((await store.Storage.FindAsync(id, None))!.HasEnded);
        Assert.Equal(2, (await store.Storage.ReadAsync(id, 0, None)).Count);
        await store.Storage.ReopenAsync(id, None);
        await using var next = await store.Storage.TakeAsync(id, "two", None);
        await next.AppendAsync(Samples.Waste(4), [], []);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Delete_SearchThatHasEnded_LosesItsWriterAndLeavesNothing(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var header = Samples.Header("a", "r");
        await store.Storage.CreateAsync(header, None);
        await using var log = await store.Storage.TakeAsync(header.Id, "one", None);
        var image = Samples.Image(1);
        await log.AppendAsync(Samples.Waste(1), [image], []);
        await log.AppendAsync(Samples.End(), [], []);

        Assert.True(await store.Storage.DeleteAsync(header.Id, None));

        await Assert.ThrowsAsync<SearchLostException>(() => log.AppendAsync(Samples.Waste(2), [], []));
        await store.ReopenAsync();
        Assert.Null(await store.Storage.FindByRequestIdAsync("a", "r", None));
        Assert.Null(await store.Storage.FindImageAsync(header.Id, DiffusionMesh.Contracts.JournalMapping.ToMessage(image), None));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => store.Storage.TakeAsync(header.Id, "one", None));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Delete_SearchThatHasNotEnded_DoesNothing(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;

        Assert.False(await store.Storage.DeleteAsync(id, None));
        await using var log = await store.Storage.TakeAsync(id, "one", None);
        await log.AppendAsync(Samples.End(), [], []);
        await store.Storage.ReopenAsync(id, None);

        Assert.False(await store.Storage.DeleteAsync(id, None));
        Assert.Equal(2, (await store.Storage.ReadAsync(id, 0, None)).Count);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Create_SameRequestIdAtOnce_GivesOneSearchPerTenant(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);

        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.Storage.CreateAsync(Samples.Header(i < 4 ? "a" : "b", "same"), None)));

        Assert.Single(created.Take(4).Select(search => search.Header.Id).Distinct());
        Assert.Single(created.Skip(4).Select(search => search.Header.Id).Distinct());
        Assert.NotEqual(created[0].Header.Id, created[4].Header.Id);
        await store.ReopenAsync();
        Assert.Equal(created[0].Header, (await store.Storage.FindByRequestIdAsync("a", "same", None))!.Header);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task List_SeveralTenants_ShowsEachItsOwnNewestFirst(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var ids = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            ids.Add((await store.Storage.CreateAsync(Samples.Header(i % 2 == 0 ? "a" : "b"), None)).Header.Id);
        }

        await store.ReopenAsync();

        var page = await store.Storage.ListAsync("a", before: null, 2, None);
        Assert.Equal([ids[4], ids[2]], page.Select(search => search.Header.Id));
        Assert.Equal([ids[0]], (await store.Storage.ListAsync("a", page[^1].Sequence, 2, None)).Select(search => search.Header.Id));
        Assert.Equal(ids.AsEnumerable().Reverse(), (await store.Storage.ListAsync(null, null, 10, None)).Select(search => search.Header.Id));
        Assert.Equal(ids, (await store.Storage.UnfinishedAsync(None)).Select(search => search.Id));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task ReadLast_OfSeveralSearches_IsTheEntryThatEachWasFoundWith(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var found = new List<StoredSearch>();
        for (var entries = 0; entries < 3; entries++)
        {
            var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
            await using var log = await store.Storage.TakeAsync(id, "one", None);
            for (var i = 1; i <= entries; i++)
            {
                await log.AppendAsync(Samples.Waste((10 * entries) + i), [], []);
            }

            found.Add((await store.Storage.FindAsync(id, None))!);
            await log.AppendAsync(Samples.Waste(99), [], []);
        }

        var last = await store.Storage.ReadLastAsync([.. found.Skip(1), found[1] with { Header = Samples.Header() }], None);

        Assert.Equal([(found[1].Header.Id, 11L), (found[2].Header.Id, 22L)], last.Select(entry => (entry.Key, entry.Value.WastedNfe)).OrderBy(entry => entry.WastedNfe));
        Assert.Empty(await store.Storage.ReadLastAsync([], None));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Cancel_ThenReopen_IsSeenByTheWriterAndTakenBack(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var id = (await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id;
        await using (var log = await store.Storage.TakeAsync(id, "one", None))
        {
            await store.Storage.RequestCancelAsync(id, None);
            await FiredAsync(log.CancelRequested);
            await log.AppendAsync(Samples.End(SearchState.Cancelled), [], []);
        }

        Assert.True((await store.Storage.FindAsync(id, None)) is { HasEnded: true, CancelRequested: true });
        Assert.Empty(await store.Storage.UnfinishedAsync(None));

        await store.Storage.ReopenAsync(id, None);
        await store.Storage.ReopenAsync(id, None);
        await store.ReopenAsync();

        Assert.True((await store.Storage.FindAsync(id, None)) is { HasEnded: false, CancelRequested: false });
        Assert.Equal(JournalEntry.EntryOneofCase.Reopened, Assert.Single(await store.Storage.ReadAsync(id, 1, None)).EntryCase);
        await using var again = await store.Storage.TakeAsync(id, "two", None);
        await again.AppendAsync(Samples.Waste(1), [], []);
        Assert.Equal(3, (await store.Storage.ReadAsync(id, 2, None))[0].Number);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Find_NamesThatWereNeverGivenOut_FindsNothing(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        await store.Storage.CreateAsync(Samples.Header(), None);
        foreach (var id in (string[])["", ".", "..", "../searches", "/etc", "' or 1=1 --", new string('x', 10_000)])
        {
            Assert.Null(await store.Storage.FindAsync(id, None));
            await store.Storage.DeleteAsync(id, None);
            Assert.Null(await store.Storage.FindImageAsync(id, new StoredImage { Digest = "../../etc/passwd", Height = 1, Width = 1, Channels = 1 }, None));
        }

        Assert.Single(await store.Storage.ListAsync(null, null, 10, None));
    }

    private static async Task FiredAsync(CancellationToken token)
    {
        var fired = new TaskCompletionSource();
        await using var registration = token.Register(fired.SetResult);
        await fired.Task.WaitAsync(TimeSpan.FromMinutes(2), CancellationToken.None);
    }
}
