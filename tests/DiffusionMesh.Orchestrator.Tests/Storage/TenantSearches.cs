using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>Searches of tenants, and what they come to.</summary>
internal static class TenantSearches
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static SearchAdmission Admission(OrchestratorOptions options) => new(Options.Create(options));

    /// <summary>Creates one of tenant a that holds so many NFE.</summary>
    public static async Task<string> CreateAsync(StoreUnderTest store, long nfe) =>
        (await store.Storage.CreateAsync(Samples.Header("a"), (_, _) => new Admission(0, 0, nfe), None)).Header.Id;

    /// <summary>Creates one of tenant a, if it is admitted.</summary>
    public static async Task<string> CreateAsync(ISearchStorage storage, SearchAdmission admission, long budget)
    {
        var header = Samples.Header("a");
        header.Spec.BudgetNfe = budget;
        return (await storage.CreateAsync(header, admission.Admit, None)).Header.Id;
    }

    /// <summary>Ends one with so many NFE that count, and others that were lost.</summary>
    public static async Task EndAsync(
        StoreUnderTest store, string id, long nfe, SearchState state = SearchState.Succeeded, long wasted = 0)
    {
        await using var log = await store.Storage.TakeAsync(id, "one", None);
        await log.AppendAsync(Samples.End(state, nfe, wasted), [], []);
    }

    /// <summary>What the searches of a tenant hold or have spent of today's quota.</summary>
    public static async Task<long> SpentAsync(ISearchStorage storage, string tenant = "a")
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
}
