using System.Collections.Concurrent;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Orchestrator.Storage.RunDirectory;
using DiffusionMesh.Tests;
using Grpc.Core;
using static DiffusionMesh.Orchestrator.Tests.Storage.TenantSearches;

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

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
