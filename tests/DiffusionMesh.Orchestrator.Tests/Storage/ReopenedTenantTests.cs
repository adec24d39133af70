using System.Collections.Concurrent;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage;
using Grpc.Core;
using static DiffusionMesh.Orchestrator.Tests.Storage.TenantSearches;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>What both stores promise of searches that are reopened: they wait, hold and pay like new ones.</summary>
public sealed class ReopenedTenantTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string> Stores => StoreUnderTest.All;

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Reopen_Search_HoldsItsRestAndSettlesOnlyTheDifference(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var id = await CreateAsync(store, nfe: 100);
        await EndAsync(store, id, nfe: 30, SearchState.Cancelled);

        await store.Storage.ReopenAsync(id, (_, kept, _) => new Admission(0, 0, 100 - kept), None);
        var held = await SpentAsync(store.Storage);
        await EndAsync(store, id, nfe: 90);

        Assert.Equal((100, 90), (held, await SpentAsync(store.Storage)));
        await store.ReopenAsync();
        Assert.Equal(90, await SpentAsync(store.Storage));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Reopen_Refused_LeavesTheSearchAsItWas(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var id = await CreateAsync(store, nfe: 100);
        await EndAsync(store, id, nfe: 30);

        await Assert.ThrowsAsync<RpcException>(() => store.Storage.ReopenAsync(id, (_, _, _) => throw new RpcException(Status.DefaultCancelled), None));

        Assert.True((await store.Storage.FindAsync(id, None))!.HasEnded);
        Assert.Equal(30, await SpentAsync(store.Storage));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Reopen_CancelledAgainAndAgain_PaysAllThatWasLost(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var admission = Admission(new OrchestratorOptions { NfePerDay = 1_000 });
        var id = await CreateAsync(store.Storage, admission, budget: 600);

        await EndAsync(store, id, nfe: 0, SearchState.Cancelled, wasted: 400);
        await store.Storage.ReopenAsync(id, admission.Readmit, None);
        var held = await SpentAsync(store.Storage);
        await EndAsync(store, id, nfe: 100, SearchState.Cancelled, wasted: 800);

        Assert.Equal((1_000, 900), (held, await SpentAsync(store.Storage)));
        await Assert.ThrowsAsync<RpcException>(() => store.Storage.ReopenAsync(id, admission.Readmit, None));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Reopen_OneThatFailed_HoldsItsWholeCostSinceItMayGoAnotherWay(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var admission = Admission(new OrchestratorOptions { NfePerDay = 1_000 });
        var id = await CreateAsync(store.Storage, admission, budget: 500);
        await EndAsync(store, id, nfe: 450, SearchState.Failed);

        await store.Storage.ReopenAsync(id, admission.Readmit, None);
        var held = await SpentAsync(store.Storage);
        await EndAsync(store, id, nfe: 500, SearchState.Succeeded, wasted: 400);

        Assert.Equal((950, 900), (held, await SpentAsync(store.Storage)));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Reopen_AfterAnEndThatKnewLess_ChargesNothingTwice(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var admission = Admission(new OrchestratorOptions { NfePerDay = 2_000 });
        var id = await CreateAsync(store.Storage, admission, budget: 1_000);
        foreach (var (nfe, state) in new[] { (600, SearchState.Failed), (0, SearchState.Failed), (1_000, SearchState.Succeeded) })
        {
            await EndAsync(store, id, nfe, state);
            if (state == SearchState.Failed)
            {
                await store.Storage.ReopenAsync(id, admission.Readmit, None);
            }
        }

        Assert.Equal(1_000, await SpentAsync(store.Storage));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Reopen_ManyAtOnce_NeverOverfillsTheQueue(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var admission = Admission(new OrchestratorOptions { MaxQueuedSearches = 4 });
        var cancelled = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            cancelled.Add(await CreateAsync(store.Storage, admission, budget: 100));
            await EndAsync(store, cancelled[^1], nfe: 0, SearchState.Cancelled);
        }

        await CreateAsync(store.Storage, admission, budget: 100);
        var refused = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(cancelled, async (id, _) =>
        {
            try
            {
                await store.Storage.ReopenAsync(id, admission.Readmit, None);
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.ResourceExhausted)
            {
                refused.Add(id);
            }
        });

        Assert.Equal(5, refused.Count);
        await store.ReopenAsync();
        await Assert.ThrowsAsync<RpcException>(() => CreateAsync(store.Storage, admission, budget: 100));
        await using (await store.Storage.TakeAsync(cancelled.Except(refused).First(), "one", None))
        {
            await store.Storage.ReopenAsync(refused.First(), admission.Readmit, None);
            await Assert.ThrowsAsync<RpcException>(() => CreateAsync(store.Storage, admission, budget: 100));
        }
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Waiting_Search_IsUntilItIsTakenOnAndAgainOnceItIsReopened(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var id = await CreateAsync(store, nfe: 0);
        var seen = new List<bool> { await IsWaitingAsync() };
        await using (var log = await store.Storage.TakeAsync(id, "one", None))
        {
            seen.Add(await IsWaitingAsync());
            await log.AppendAsync(Samples.End(SearchState.Cancelled), [], []);
        }

        seen.Add(await IsWaitingAsync());
        await store.Storage.ReopenAsync(id, None);
        seen.Add(await IsWaitingAsync());
        await store.ReopenAsync();
        seen.Add(await IsWaitingAsync());
        await using (await store.Storage.TakeAsync(id, "one", None))
        {
            seen.Add(await IsWaitingAsync());
        }

        Assert.Equal([true, false, false, true, true, false], seen);

        async Task<bool> IsWaitingAsync() => (await store.Storage.FindAsync(id, None))!.IsWaiting;
    }
}
