using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>What counts as wasted where several denoisers are at work for an orchestrator that goes: each has a call of two segments.</summary>
public sealed class LostWorkTests : IAsyncLifetime
{
    private const int Steps = ScriptedDenoiser.Steps;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dmesh-lost-");
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ScriptedDenoiser[] _denoisers = new ScriptedDenoiser[2];
    private readonly RunningHost[] _hosts = new RunningHost[2];
    private RunningHost _verifier = null!;
    private int _failures;

    public async Task InitializeAsync()
    {
        for (var i = 0; i < _hosts.Length; i++)
        {
            _denoisers[i] = new ScriptedDenoiser { BeforeAnswer = AnswerAsync };
            _hosts[i] = await ScriptedServer.StartAsync(_denoisers[i]);
        }

        _verifier = await ScriptedServer.StartAsync(new ScriptedVerifier());
    }

    public async Task DisposeAsync()
    {
        _open.TrySetResult();
        await Task.WhenAll(_hosts.Append(_verifier).Select(host => host.DisposeAsync().AsTask()));
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Orchestrator_ThatIsLost_WastesWhatAllItsDenoisersWereAt()
    {
        await using var first = await StartAsync("lost", pods: 2);
        var search = await BeginAsync(first);
        DataFolder.Copy(PathOf("lost"), PathOf("found"));
        _open.SetResult();

        // However few denoisers there are by now.
        await using var second = await StartAsync("found", pods: 1);
        var end = (await second.WatchAsync(search.Id))[^1].SearchFinished;

        Assert.Equal((SearchState.Succeeded, 12 * Steps, 4 * Steps), (end.State, end.Ledger.NfeSearch, end.Ledger.NfeWasted));
    }

    [Fact]
    public async Task Search_OfAnOrchestratorThatStopped_IsNotGivenUpForWhatThatOneLost()
    {
        SearchMessage search;
        await using (var first = await StartAsync("data", pods: 2, "--Orchestrator:ShutdownSeconds=0"))
        {
            search = await BeginAsync(first);
        }

        Volatile.Write(ref _failures, 1);
        await using var second = await StartAsync("data", pods: 2, "--Orchestrator:MaxWastedPercent=20");
        _open.SetResult();
        var end = (await second.WatchAsync(search.Id))[^1].SearchFinished;

        Assert.Equal((SearchState.Succeeded, ""), (end.State, end.Error));
        Assert.Equal((4 + 2) * Steps, end.Ledger.NfeWasted);
    }

    // A call of an orchestrator that is gone may still wait here for a moment: it takes no failure that is meant for others.
    private async Task AnswerAsync(int answered, ServerCallContext call)
    {
        var fails = Volatile.Read(ref _failures) > 0;
        await _open.Task.WaitAsync(call.CancellationToken);
        if (fails && Interlocked.Decrement(ref _failures) >= 0)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "going down"));
        }
    }

    // Until both denoisers have a call.
    private async Task<SearchMessage> BeginAsync(OrchestratorMesh mesh)
    {
        var search = await mesh.CreateAsync(OrchestratorMesh.Spec());
        await Task.WhenAll(_denoisers.Select(denoiser => denoiser.Asked.WaitAsync(TimeSpan.FromMinutes(1))));
        return search;
    }

    private async Task<OrchestratorMesh> StartAsync(string data, int pods, params string[] args)
    {
        var denoisers = new Uri($"static:///{string.Join(',', _hosts.Take(pods).Select(host => host.Address.Authority))}");
        var mesh = await OrchestratorMesh.StartAsync(
            denoisers,
            [("brightness", _verifier.Address)],
            [
                $"--Orchestrator:DataDirectory={PathOf(data)}",
                "--Orchestrator:Parallelism=1",
                "--Orchestrator:TrajectoriesPerCall=2",
                .. args,
            ]);
        await mesh.ReachAsync(pods);
        return mesh;
    }

    private string PathOf(string data) => Path.Combine(_data.FullName, data);
}
