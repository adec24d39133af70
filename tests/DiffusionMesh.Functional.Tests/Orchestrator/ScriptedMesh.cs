using DiffusionMesh.Contracts.VerifierV1;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>An orchestrator with a data directory of its own, over services whose behaviour a test may change at any time.</summary>
internal sealed class ScriptedMesh : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dmesh-scripted-");
    private RunningHost _denoiser = null!;
    private RunningHost _verifier = null!;

    private ScriptedMesh() => Denoiser = new ScriptedDenoiser
    {
        BeforeAnswer = (answered, context) => answered == 6 ? AtSeventhAnswer(context) : AtOtherAnswers(context),
    };

    public ScriptedDenoiser Denoiser { get; }

    public OrchestratorMesh Orchestrator { get; private set; } = null!;

    /// <summary>What the denoiser does before the 7th answer of its life.</summary>
    public Func<ServerCallContext, Task> AtSeventhAnswer { get; set; } = _ => Task.CompletedTask;

    /// <summary>What it does before any other.</summary>
    public Func<ServerCallContext, Task> AtOtherAnswers { get; set; } = _ => Task.CompletedTask;

    /// <summary>Changes an answer of the verifier, given the number of the call from 1.</summary>
    public Func<ScoreResponse, int, Task> Score { get; set; } = (_, _) => Task.CompletedTask;

    public static async Task<ScriptedMesh> StartAsync()
    {
        var mesh = new ScriptedMesh();
        mesh._denoiser = await ScriptedServer.StartAsync(mesh.Denoiser);
        mesh._verifier = await ScriptedServer.StartAsync(new ScriptedVerifier { Change = (response, call, _) => mesh.Score(response, call) });
        mesh.Orchestrator = await mesh.StartOrchestratorAsync();
        return mesh;
    }

    /// <summary>Never comes, unless whoever waits gives up.</summary>
    public static Task NeverAsync(ServerCallContext context) => Task.Delay(Timeout.Infinite, context.CancellationToken);

    /// <summary>Where a search is kept.</summary>
    public string FolderOf(string search) => Path.Combine(_data.FullName, "searches", search);

    /// <summary>Stops the orchestrator, and starts it again over the same data.</summary>
    /// <param name="meanwhile">What happens to the data in between.</param>
    public async Task RestartAsync(Action meanwhile)
    {
        await Orchestrator.DisposeAsync();
        meanwhile();
        Orchestrator = await StartOrchestratorAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Orchestrator.DisposeAsync();
        await _denoiser.DisposeAsync();
        await _verifier.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private Task<OrchestratorMesh> StartOrchestratorAsync() => OrchestratorMesh.StartAsync(
        _denoiser.Address, [("brightness", _verifier.Address)], [$"--Orchestrator:DataDirectory={_data.FullName}"]);
}
