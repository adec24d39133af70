using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage.Postgres;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using StatusCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>What tenants get of an orchestrator that has more to do than it can.</summary>
public sealed class TenantSearchTests : IAsyncDisposable
{
    private readonly TaskCompletionSource _open = new();

    public ValueTask DisposeAsync()
    {
        _open.TrySetResult();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Searches_OfTwoTenants_BeginByTheirShares()
    {
        await using var mesh = await StartAsync("--Orchestrator:MaxRunningSearches=1", "--Orchestrator:Tenants:large:Share=3");
        await CreateAsync(mesh, "first");
        var searches = new Dictionary<string, string>();
        foreach (var tenant in (string[])[.. Enumerable.Repeat("small", 8), .. Enumerable.Repeat("large", 8)])
        {
            searches[await CreateAsync(mesh, tenant)] = tenant;
        }

        _open.SetResult();
        var order = await OrderAsync(mesh, searches.Keys);

        // The small tenant came first and has as many; of any four in a row, one is its own.
        Assert.InRange(order.Take(8).Count(id => searches[id] == "small"), 2, 3);
    }

    [Fact]
    public async Task Search_OfATenantBehindOneThatFillsTheQueue_IsNotStarved()
    {
        await using var mesh = await StartAsync("--Orchestrator:MaxRunningSearches=1");
        await CreateAsync(mesh, "first");
        var greedy = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            greedy.Add(await CreateAsync(mesh, "greedy"));
        }

        var low = await CreateAsync(mesh, "modest", DiffusionMesh.Contracts.DenoiserV1.Priority.Low);
        var modest = await CreateAsync(mesh, "modest");
        var urgent = await CreateAsync(mesh, "greedy", DiffusionMesh.Contracts.DenoiserV1.Priority.High);
        _open.SetResult();
        var order = await OrderAsync(mesh, [.. greedy, low, modest, urgent]);

        Assert.InRange(order.IndexOf(modest), 0, 3);
        Assert.InRange(order.IndexOf(urgent), 0, 3);
        Assert.InRange(order.IndexOf(low), 0, 3);
    }

    [Fact]
    public async Task Quota_OfADay_IsHeldWhileASearchRunsAndSettledWhenItEnds()
    {
        await using var mesh = await StartAsync("--Orchestrator:NfePerDay=100");
        SetToNoon(mesh.Host.App.Services.GetRequiredService<DatabaseClock>());
        var first = await mesh.CreateAsync(OrchestratorMesh.Spec());
        await mesh.WaitForCandidatesAsync(first.Id, 6);

        var error = await Assert.ThrowsAsync<RpcException>(() => mesh.CreateAsync(OrchestratorMesh.Spec()));
        await mesh.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = first.Id });
        var spent = (await mesh.WatchAsync(first.Id))[^1].SearchFinished.Ledger.NfeTotal;
        _open.SetResult();
        var second = await mesh.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Contains("40 of the 100 NFE a day are left", error.Status.Detail, StringComparison.Ordinal);
        Assert.NotNull(RpcErrors.Detail<RetryInfo>(error));
        Assert.InRange(spent, 30, 40);
        Assert.Equal(SearchState.Succeeded, second.State);
        var last = await Assert.ThrowsAsync<RpcException>(() => mesh.CreateAsync(OrchestratorMesh.Spec()));
        Assert.Contains($" {40 - spent} of the 100 NFE", last.Status.Detail, StringComparison.Ordinal);
    }

    // The denoiser waits before its 7th answer until the test opens the gate.
    private Task<OrchestratorMesh> StartAsync(params string[] args) => OrchestratorMesh.StartAsync(
        new ScriptedDenoiser
        {
            BeforeAnswer = (answered, context) => answered < 6 ? Task.CompletedTask : _open.Task.WaitAsync(context.CancellationToken),
        },
        new ScriptedVerifier(),
        args);

    private static async Task<string> CreateAsync(
        OrchestratorMesh mesh,
        string tenant,
        DiffusionMesh.Contracts.DenoiserV1.Priority priority = DiffusionMesh.Contracts.DenoiserV1.Priority.Normal)
    {
        var spec = OrchestratorMesh.Spec();
        spec.Priority = priority;
        var creation = mesh.Host.App.Services.GetRequiredService<SearchCreation>();
        var created = await creation.CreateAsync(new CreateSearchRequest { Spec = spec }, tenant, CancellationToken.None);
        if (tenant == "first")
        {
            await mesh.WaitForCandidatesAsync(created.Header.Id, 6);
        }

        return created.Header.Id;
    }

    // No day ends while a test runs.
    private static void SetToNoon(DatabaseClock clock) => clock.Set(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero), clock.GetTimestamp());

    // As they began.
    private static async Task<List<string>> OrderAsync(OrchestratorMesh mesh, IEnumerable<string> ids)
    {
        var began = new List<(DateTimeOffset At, string Id)>();
        foreach (var id in ids)
        {
            var events = await mesh.WatchAsync(id);
            Assert.Equal(SearchState.Succeeded, events[^1].SearchFinished.State);
            began.Add((events[0].Time.ToDateTimeOffset(), id));
        }

        return [.. began.OrderBy(search => search.At).Select(search => search.Id)];
    }
}
