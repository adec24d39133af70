using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>What the search service promises of finding searches.</summary>
public sealed class SearchListTests : IAsyncLifetime
{
    private OrchestratorMesh _mesh = null!;

    public async Task InitializeAsync() => _mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), new ScriptedVerifier());

    public async Task DisposeAsync() => await _mesh.DisposeAsync();

    [Fact]
    public async Task ListSearches_ByPages_ShowsEachOnceAndTheNewestFirst()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, (await _mesh.CreateAsync(OrchestratorMesh.Spec())).Id);
        }

        var first = await _mesh.Client.ListSearchesAsync(new ListSearchesRequest { PageSize = 2 });
        await _mesh.CreateAsync(OrchestratorMesh.Spec());
        var second = await _mesh.Client.ListSearchesAsync(new ListSearchesRequest { PageSize = 2, PageToken = first.NextPageToken });
        var third = await _mesh.Client.ListSearchesAsync(new ListSearchesRequest { PageSize = 2, PageToken = second.NextPageToken });

        Assert.Equal(ids, first.Searches.Concat(second.Searches).Concat(third.Searches).Select(search => search.Id));
        Assert.Equal("", third.NextPageToken);
        Assert.All(first.Searches, search => Assert.Empty(search.Candidates));
    }

    [Theory]
    [InlineData(-1, "")]
    [InlineData(1001, "")]
    [InlineData(0, "not a token")]
    [InlineData(0, "bm90IGEgbnVtYmVy")]
    public async Task ListSearches_BadPage_IsRefused(int size, string token)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await _mesh.Client.ListSearchesAsync(new ListSearchesRequest { PageSize = size, PageToken = token }));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task Search_UnknownId_IsNotFound()
    {
        foreach (var call in new Func<Task>[]
        {
            async () => await _mesh.Client.GetSearchAsync(new GetSearchRequest { SearchId = "no" }),
            async () => await _mesh.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = "no" }),
            async () => await _mesh.Client.GetSearchImageAsync(new GetSearchImageRequest { SearchId = "no" }),
            async () => await _mesh.WatchAsync("no"),
        })
        {
            Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }
    }
}
