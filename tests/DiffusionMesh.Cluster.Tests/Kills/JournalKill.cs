using System.Globalization;
using DiffusionMesh.Cluster.Tests.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Net.Client;

namespace DiffusionMesh.Cluster.Tests.Kills;

/// <summary>Runs a search whose orchestrator dies at one write to the journal, and another one goes on with it.</summary>
internal sealed class JournalKill(LocalServices services, SearchSpec spec)
{
    private const string File = "journal.jsonl";

    /// <summary>Runs it undisturbed.</summary>
    /// <returns>What it found, and how often its journal was written to.</returns>
    public async Task<(Answer Answer, int Writes)> UndisturbedAsync()
    {
        var data = services.DataDirectory();
        var counter = Path.Combine(data.FullName, "writes");
        var port = HostProcess.FreePort();
        await using var orchestrator = await services.StartOrchestratorAsync(
            data, port, ("LD_PRELOAD", services.Library), ("KILL_FILE", File), ("KILL_COUNT", counter));
        using var channel = Open(port);
        var client = new SearchService.SearchServiceClient(channel);
        var run = await SearchRun.StartAsync([client], spec);
        return (await Answer.OfAsync(await run.EndAsync(), client), (int)new FileInfo(counter).Length);
    }

    /// <param name="write">From 1; null for the one that ends the search.</param>
    /// <param name="when">As <c>kill_at_write.c</c> names it.</param>
    /// <returns>Null if the search had fewer writes this time.</returns>
    public async Task<Answer?> KilledAsync(int? write, string when)
    {
        var data = services.DataDirectory();
        var port = HostProcess.FreePort();
        using var channel = Open(port);
        var client = new SearchService.SearchServiceClient(channel);
        await using var first = await services.StartOrchestratorAsync(
            data,
            port,
            ("LD_PRELOAD", services.Library),
            ("KILL_FILE", File),
            write is { } at ? ("KILL_AT", at.ToString(CultureInfo.InvariantCulture)) : ("KILL_ON", "searchFinished"),
            ("KILL_WHEN", when));
        var starting = SearchRun.StartAsync([client], new CreateSearchRequest { Spec = spec, RequestId = "kill" });
        var finished = FinishedAsync(starting);
        await Task.WhenAny(first.Exited, finished).WaitAsync(SearchRun.Patience);
        if (!first.HasExited)
        {
            return null;
        }

        await using var second = await services.StartOrchestratorAsync(data, port);
        try
        {
            return await Answer.OfAsync(await finished, client);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"killed at write {write} ({when}): {e.Message}\n{second.Log}", e);
        }
    }

    private static async Task<Contracts.SearchV1.Search> FinishedAsync(Task<SearchRun> starting) => await (await starting).EndAsync();

    private static GrpcChannel Open(int port) => GrpcChannel.ForAddress($"http://127.0.0.1:{port}", new GrpcChannelOptions
    {
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(50),
        MaxReconnectBackoff = TimeSpan.FromMilliseconds(200),
    });
}
