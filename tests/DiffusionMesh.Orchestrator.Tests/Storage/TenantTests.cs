using System.Collections.Concurrent;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Orchestrator.Storage.RunDirectory;
using DiffusionMesh.Tests;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>What both stores promise of what tenants may have.</summary>
public sealed class TenantTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string> Stores => StoreUnderTest.All;

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Create_ManyAtOnce_NeverOverdrawsTheQuota(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var admission = Admission(new OrchestratorOptions { NfePerDay = 350 });

        var created = await CreateAtOnceAsync([store.Storage], admission);

        Assert.Equal(3, created);
        Assert.Equal(300, await SpentAsync(store.Storage));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Create_ManyAtOnce_NeverOverfillsTheQueue(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);

        Assert.Equal(4, await CreateAtOnceAsync([store.Storage], Admission(new OrchestratorOptions { MaxQueuedSearches = 4 })));
    }

    [PostgresFact]
    public async Task Create_ManyAtOnceAtTwoOrchestrators_NeverOverdrawsOrOverfills()
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.Postgres);
        await using var other = await StoreUnderTest.ConnectAsync(store.Database);

        Assert.Equal(3, await CreateAtOnceAsync([store.Storage, other], Admission(new OrchestratorOptions { NfePerDay = 350 })));
        Assert.Equal(2, await CreateAtOnceAsync([store.Storage, other], Admission(new OrchestratorOptions { MaxQueuedSearches = 5 })));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task End_OfASearch_GivesBackWhatItDidNotSpend(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var (spentLess, spentMore) = (await CreateAsync(store, nfe: 100), await CreateAsync(store, nfe: 100));
        var held = await SpentAsync(store.Storage);

        await EndAsync(store, spentLess, nfe: 30);
        await EndAsync(store, spentMore, nfe: 130);

        // What losses cost beyond what was admitted is not the tenant's.
        Assert.Equal((200, 130), (held, await SpentAsync(store.Storage)));
        Assert.Equal(0, await SpentAsync(store.Storage, "another"));
        await store.ReopenAsync();
        Assert.Equal(130, await SpentAsync(store.Storage));
    }

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

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Delete_Search_GivesNothingBack(string kind)
    {
        await using var store = await StoreUnderTest.OpenAsync(kind);
        var id = await CreateAsync(store, nfe: 100);
        await EndAsync(store, id, nfe: 30);

        await store.Storage.DeleteAsync(id, None);
        await store.Storage.DeleteAsync(id, None);

        Assert.Equal(30, await SpentAsync(store.Storage));
        await store.ReopenAsync();
        Assert.Equal(30, await SpentAsync(store.Storage));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delete_BrokenOffByACrash_IsFinishedAndCountedOnce(bool wasCounted)
    {
        await using var store = await StoreUnderTest.OpenAsync(StoreUnderTest.RunDirectory);
        var id = await CreateAsync(store, nfe: 100);
        await EndAsync(store, id, nfe: 30);
        using var folder = new SearchFolder(store.Directory, id);
        if (wasCounted)
        {
            await store.Storage.DeleteAsync(id, None);
        }

        folder.PutBackAs($".deleted-{id}");
        await store.ReopenAsync();
        var spent = await SpentAsync(store.Storage);
        await store.ReopenAsync();

        Assert.Equal((30, 30), (spent, await SpentAsync(store.Storage)));
        Assert.Empty(Directory.GetDirectories(Path.Combine(store.Directory, "searches")));
    }

    [Fact]
    public async Task Quota_OfTheNextDay_IsWhole()
    {
        var directory = Directory.CreateTempSubdirectory("dmesh-quota-");
        var time = new SetTime { Now = new(2026, 3, 1, 23, 59, 0, TimeSpan.Zero) };
        using (var storage = RunDirectoryStorage.Open(directory.FullName, time))
        {
            await storage.CreateAsync(Samples.Header("a"), (_, _) => new Admission(0, 0, 100), None);
            var before = await SpentAsync(storage);
            time.Now = time.Now.AddMinutes(2);

            Assert.Equal((100, 0), (before, await SpentAsync(storage)));
        }

        directory.Delete(recursive: true);
    }

    private static SearchAdmission Admission(OrchestratorOptions options) => new(Options.Create(options));

    // Sixteen of 100 NFE each.
    private static async Task<int> CreateAtOnceAsync(ISearchStorage[] orchestrators, SearchAdmission admission)
    {
        var created = new ConcurrentBag<string>();
        await Parallel.ForAsync(0, 16, async (number, _) =>
        {
            var header = Samples.Header("a");
            header.Spec.BudgetNfe = 100;
            try
            {
                await orchestrators[number % orchestrators.Length].CreateAsync(header, admission.Admit, None);
                created.Add(header.Id);
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.ResourceExhausted)
            {
            }
        });
        return created.Count;
    }

    private static async Task<string> CreateAsync(StoreUnderTest store, long nfe) =>
        (await store.Storage.CreateAsync(Samples.Header("a"), (_, _) => new Admission(0, 0, nfe), None)).Header.Id;

    private static async Task<string> CreateAsync(ISearchStorage storage, SearchAdmission admission, long budget)
    {
        var header = Samples.Header("a");
        header.Spec.BudgetNfe = budget;
        return (await storage.CreateAsync(header, admission.Admit, None)).Header.Id;
    }

    private static async Task EndAsync(
        StoreUnderTest store, string id, long nfe, SearchState state = SearchState.Succeeded, long wasted = 0)
    {
        await using var log = await store.Storage.TakeAsync(id, "one", None);
        await log.AppendAsync(Samples.End(state, nfe, wasted), [], []);
    }

    private static async Task<long> SpentAsync(ISearchStorage storage, string tenant = "a")
    {
        long spent = 0;
        await Assert.ThrowsAsync<RpcException>(() => storage.CreateAsync(
            Samples.Header(tenant),
            (_, standing) =>
            {
                spent = standing.NfeToday;
                throw new RpcException(Status.DefaultCancelled);
            },
            None));
        return spent;
    }

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
