using System.Globalization;
using DiffusionMesh.Cluster.Tests.Kills;
using DiffusionMesh.Cluster.Tests.Mesh;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Tests;
using Google.Rpc;
using Grpc.Core;

namespace DiffusionMesh.Cluster.Tests.Failures;

/// <summary>An orchestrator alone that has no room: on its disk, in its queue.</summary>
public sealed class FullOrchestratorTests(LocalServices services) : IClassFixture<LocalServices>
{
    private const int DiskBytes = 8 << 20;

    // Enough to begin with.
    private const int LeftBytes = 48 << 10;

    [ClusterFact]
    public async Task Disk_FullInMidSearch_TheSearchWaitsAndGoesOn()
    {
        var spec = Specs.Short("random");
        var data = services.DataDirectory().FullName;
        await Tool.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={DiskBytes}", "tmpfs", data]);
        try
        {
            var port = FreePorts.Take();
            await using var orchestrator = await services.StartOrchestratorAsync(port, [$"--Orchestrator:DataDirectory={data}"]);
            using var channel = LocalServices.Open(port);
            var client = new SearchService.SearchServiceClient(channel);
            var expected = await Answer.OfAsync(await (await SearchRun.StartAsync([client], spec)).EndAsync(), client);
            var ballast = Path.Combine(data, "ballast");
            await File.WriteAllBytesAsync(ballast, new byte[new DriveInfo(data).AvailableFreeSpace - LeftBytes]);

            var run = await SearchRun.StartAsync([client], spec);
            await orchestrator.WritesAsync($"Search {run.Id} is put off");
            File.Delete(ballast);
            var search = await run.EndAsync();

            expected.AssertSame(await Answer.OfAsync(search, client), losses: 2);
            Reliability.Row(
                "matrix", "078", "the disk of the run directory full in mid-search, then not any more", "the search waits, the log says why, and goes on by itself", FailureRow.Lost(search));
        }
        finally
        {
            await Tool.RunAsync("umount", ["-l", data]);
        }
    }

    [ClusterFact]
    public async Task Queue_Full_RefusesAndSaysWhenToComeBack()
    {
        var port = FreePorts.Take();
        await using var orchestrator = await services.StartOrchestratorAsync(
            port, [$"--Orchestrator:DataDirectory={services.DataDirectory()}", "--Orchestrator:MaxRunningSearches=1", "--Orchestrator:MaxQueuedSearches=1"]);
        using var channel = LocalServices.Open(port);
        var client = new SearchService.SearchServiceClient(channel);
        var running = await SearchRun.StartAsync([client], Specs.Endless());
        await running.OwnerAsync();
        var waiting = await SearchRun.StartAsync([client], Specs.Short("random"));

        var refused = await Assert.ThrowsAsync<RpcException>(() => SearchRun.StartAsync([client], Specs.Short("random")));

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        var delay = RpcErrors.Detail<RetryInfo>(refused)!.RetryDelay.ToTimeSpan();
        Assert.True(delay > TimeSpan.Zero);
        await client.CancelSearchAsync(new() { SearchId = running.Id });
        await waiting.EndAsync();
        Assert.Equal(SearchState.Succeeded, (await (await SearchRun.StartAsync([client], Specs.Short("random"))).EndAsync()).State);
        Reliability.Row(
            "matrix",
            "061",
            "the orchestrator's queue full",
            string.Create(CultureInfo.InvariantCulture, $"RESOURCE_EXHAUSTED, to be tried again after {delay.TotalSeconds:0} s; accepted once a search had ended"),
            "nothing");
    }
}
