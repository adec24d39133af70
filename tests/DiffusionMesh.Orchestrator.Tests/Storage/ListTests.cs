using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Searches;
using Google.Protobuf;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>What both stores tell of many searches.</summary>
public sealed class ListTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string> Stores => StoreUnderTest.All;

    // PostgreSQL gives fewer at once where they are large.
    [Theory]
    [MemberData(nameof(Stores))]
    public async Task List_OfLargeSearches_IsWholePageByPage(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var ids = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            var header = Samples.Header(i == 2 ? "b" : "a");
            header.Spec.Verifiers.Add(new VerifierSelection { State = ByteString.CopyFrom(new byte[(i * 1_000_000) + 1]) });
            ids.Insert(0, (await store.Storage.CreateAsync(header, None)).Header.Id);
        }

        var largest = 0;
        var listed = new List<string>();
        for (long? before = null; await store.Storage.ListAsync(null, before, 10, None) is { Count: > 0 } some; before = some[^1].Sequence)
        {
            listed.AddRange(some.Select(search => search.Header.Id));
            largest = Math.Max(largest, some.Sum(search => search.Header.CalculateSize()));
        }

        Assert.Equal(ids, listed);
        Assert.Equal([ids[0]], (await store.Storage.ListAsync("a", null, 1, None)).Select(search => search.Header.Id));
        if (kind == StoreUnderTest.Postgres)
        {
            Assert.InRange(largest, 5_000_000, 9_999_999);
        }

        var (page, last) = await new SearchViews(store.Storage).PageAsync("a", null, 4, None);
        Assert.Equal(ids.Where(id => id != ids[3]).Take(4), page.Select(search => search.Id));
        Assert.All(page, search => Assert.True(search.Spec.Verifiers[0].State.IsEmpty));
        (page, last) = await new SearchViews(store.Storage).PageAsync("a", last, 4, None);
        Assert.Equal([ids[^1]], page.Select(search => search.Id));
        Assert.Null(last);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Waiting_TakenOnAndReopened_AreCounted(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await store.Storage.CreateAsync(Samples.Header(), None)).Header.Id);
        }

        await using (var log = await store.Storage.TakeAsync(ids[0], "one", None))
        {
            await log.AppendAsync(Samples.End(SearchState.Cancelled), [], []);
        }

        Assert.Equal(2, await store.Storage.CountWaitingAsync(None));
        Assert.Equal([ids[1], ids[2]], (await store.Storage.UnfinishedAsync(None)).Select(search => search.Id));
        await store.Storage.ReopenAsync(ids[0], None);
        Assert.Equal(3, await store.Storage.CountWaitingAsync(None));
    }
}
