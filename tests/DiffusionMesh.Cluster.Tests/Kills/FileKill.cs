using System.Globalization;
using DiffusionMesh.Cluster.Tests.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Tests;
using Grpc.Net.Client;

namespace DiffusionMesh.Cluster.Tests.Kills;

/// <summary>
/// Over a run directory. Moments are those of <c>kill_at_write.c</c>; the orchestrator that goes on with one search runs
/// the next one.
/// </summary>
internal sealed class FileKill(LocalServices services, SearchSpec spec) : IKilledSearch
{
    /// <summary>What the last write of a search holds.</summary>
    private const string End = "searchFinished";

    private readonly string _data = services.DataDirectory().FullName;
    private readonly int _port = FreePorts.Take();
    private GrpcChannel? _channel;
    private HostProcess? _orchestrator;

    private string Count => Path.Combine(_data, "writes");

    private string Order => Path.Combine(_data, "order");

    public async Task<(Answer Answer, int Writes)> UndisturbedAsync()
    {
        var client = await StartAsync();
        File.Delete(Count);
        var run = await SearchRun.StartAsync([client], spec);
        var answer = await Answer.OfAsync(await run.EndAsync(), client);
        return (answer, (int)new FileInfo(Count).Length);
    }

    public async Task<Answer?> KilledAsync(int? write, string moment)
    {
        var client = await StartAsync();
        File.Delete(Count);
        await File.WriteAllTextAsync(Order, $"{write?.ToString(CultureInfo.InvariantCulture) ?? End} {moment}");
        var finished = FinishedAsync(client);
        await Task.WhenAny(_orchestrator!.Exited, finished).WaitAsync(SearchRun.Patience);
        File.Delete(Order);
        if (!_orchestrator.HasExited)
        {
            await finished;
            return null;
        }

        await StartAsync();
        try
        {
            return await Answer.OfAsync(await finished, client);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"killed at write {write} ({moment}): {e.Message}\n{_orchestrator.Log}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_orchestrator is not null)
        {
            await _orchestrator.DisposeAsync();
        }
    }

    // If it does not run already.
    private async Task<SearchService.SearchServiceClient> StartAsync()
    {
        if (_orchestrator is not { HasExited: false })
        {
            _orchestrator = await services.StartOrchestratorAsync(
                _port,
                [$"--Orchestrator:DataDirectory={_data}"],
                ("LD_PRELOAD", services.Library),
                ("KILL_FILE", "journal.jsonl"),
                ("KILL_COUNT", Count),
                ("KILL_ORDER", Order));
        }

        _channel ??= LocalServices.Open(_port);
        return new(_channel);
    }

    private async Task<Contracts.SearchV1.Search> FinishedAsync(SearchService.SearchServiceClient client) =>
        await (await SearchRun.StartAsync([client], spec)).EndAsync();
}
