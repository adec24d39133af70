using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Functional.Tests.Fuzzing;
using Google.Protobuf;
using Grpc.Core;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>What callers of an orchestrator with tokens see of each other: nothing.</summary>
public sealed class TenantTests(SecuredMesh mesh) : IClassFixture<SecuredMesh>
{
    private const string SearchIdField = "search_id";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Every call that names a search, those added later among them.</summary>
    public static TheoryData<string> CallsOfASearch =>
        [.. SearchService.Descriptor.Methods.Where(method => method.InputType.FindFieldByName(SearchIdField) is not null).Select(method => method.Name)];

    public static TheoryData<string> AllCalls => [.. SearchService.Descriptor.Methods.Select(method => method.Name)];

    [Fact]
    public async Task Search_OverMutualTlsWithTokens_Succeeds()
    {
        var created = await CreateAsync("alice");

        using var watch = mesh.As("alice").WatchSearch(new WatchSearchRequest { SearchId = created.Id });
        var ended = (await watch.ResponseStream.ReadAllAsync().LastAsync()).SearchFinished;

        Assert.Equal((SearchState.Succeeded, ""), (ended.State, ended.Error));
    }

    [Theory]
    [MemberData(nameof(CallsOfASearch))]
    public async Task Call_ForASearchOfAnotherTenant_IsAnsweredAsIfThereWereNone(string name)
    {
        var method = SearchService.Descriptor.FindMethodByName(name);
        var search = await CreateAsync("alice");

        var others = await CallAsync("bob", name, search.Id);
        var nobodys = await CallAsync("bob", name, new string('0', search.Id.Length));

        // What this server does not know yet it does not know for anybody.
        Assert.True(others!.StatusCode is StatusCode.NotFound or StatusCode.Unimplemented, others.Status.ToString());
        Assert.Equal(
            (nobodys!.StatusCode, nobodys.Status.Detail.Replace(new string('0', search.Id.Length), search.Id, StringComparison.Ordinal)),
            (others.StatusCode, others.Status.Detail));
        Assert.Equal(search.Id, (await mesh.As("alice").GetSearchAsync(new GetSearchRequest { SearchId = search.Id })).Search.Id);
    }

    [Theory]
    [MemberData(nameof(AllCalls))]
    public async Task Call_WithAnotherScope_IsDenied(string name)
    {
        var error = await CallAsync("judge", name, "");

        Assert.Equal(StatusCode.PermissionDenied, error?.StatusCode);
    }

    [Fact]
    public async Task List_OfATenant_HasItsOwnAndAnAdministratorsHasAll()
    {
        var (alices, bobs) = (await CreateAsync("alice"), await CreateAsync("bob"));

        Assert.Contains(alices.Id, await ListAsync("alice"));
        Assert.DoesNotContain(bobs.Id, await ListAsync("alice"));
        Assert.DoesNotContain(alices.Id, await ListAsync("bob"));
        Assert.Superset(new HashSet<string> { alices.Id, bobs.Id }, (await ListAsync("root")).ToHashSet());
        Assert.Null(await CallAsync("root", "GetSearch", alices.Id));
    }

    [Fact]
    public async Task Create_ARequestIdOfAnotherTenant_IsASearchOfItsOwn()
    {
        var (alices, bobs) = (await CreateAsync("alice", "same"), await CreateAsync("bob", "same"));

        Assert.NotEqual(alices.Id, bobs.Id);
        Assert.Equal(alices.Id, (await CreateAsync("alice", "same")).Id);
    }

    [Fact]
    public async Task Caller_WithoutACertificate_CannotConnect()
    {
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await mesh.Unproven.ListSearchesAsync(new ListSearchesRequest(), deadline: DateTime.UtcNow + Limit));

        Assert.True(error.StatusCode is StatusCode.Unavailable or StatusCode.Internal, error.Status.ToString());
    }

    [Fact]
    public async Task Denoiser_WhoseTokensAreTheOrchestrators_KnowsNoTenant()
    {
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await mesh.DenoiserOfAlice.ListModelsAsync(new ListModelsRequest(), deadline: DateTime.UtcNow + Limit));

        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
    }

    private async Task<SearchMessage> CreateAsync(string caller, string requestId = "") =>
        (await mesh.As(caller).CreateSearchAsync(new CreateSearchRequest { Spec = OrchestratorMesh.Spec(), RequestId = requestId })).Search;

    private async Task<string[]> ListAsync(string caller) =>
        [.. (await mesh.As(caller).ListSearchesAsync(new ListSearchesRequest { PageSize = 100 })).Searches.Select(search => search.Id)];

    private Task<RpcException?> CallAsync(string caller, string name, string search)
    {
        var method = SearchService.Descriptor.FindMethodByName(name);
        var request = method.InputType.Parser.ParseFrom(ByteString.Empty);
        method.InputType.FindFieldByName(SearchIdField)?.Accessor.SetValue(request, search);
        return RawCall.FailureAsync(mesh.CallsOf(caller), method, request.ToByteArray(), Limit);
    }
}
