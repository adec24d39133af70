namespace DiffusionMesh.Cluster.Tests.Kills;

/// <summary>A denoiser and a verifier on loopback, and the library that kills orchestrators before them.</summary>
public sealed class LocalServices : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-kill-");
    private readonly int _denoiserPort = HostProcess.FreePort();
    private readonly int _verifierPort = HostProcess.FreePort();
    private HostProcess? _denoiser;
    private HostProcess? _verifier;

    internal string Library => Path.Combine(_folder.FullName, "kill_at_write.so");

    public async Task InitializeAsync()
    {
        if (Machine.Skip is not null)
        {
            return;
        }

        await Tool.RunAsync("gcc", ["-O2", "-shared", "-fPIC", "-o", Library, Repository.Script("kill_at_write.c"), "-ldl"]);
        var models = _folder.CreateSubdirectory("models").FullName;
        Directory.CreateSymbolicLink(Path.Combine(models, "fashion-flow-small"), Path.Combine(Repository.Root, "models", "fashion-flow-small"));
        _denoiser = await HostProcess.StartAsync(
            "denoiser", "DiffusionMesh.Denoiser", _denoiserPort, [$"--Models:Path={models}", "--Denoiser:Threads=1"]);
        _verifier = await HostProcess.StartAsync("verifier-clip", "DiffusionMesh.Verifier.Clip", _verifierPort, ["--Verifier:Threads=1"]);
    }

    public async Task DisposeAsync()
    {
        if (_verifier is not null && _denoiser is not null)
        {
            await _verifier.DisposeAsync();
            await _denoiser.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    internal DirectoryInfo DataDirectory() => _folder.CreateSubdirectory($"data-{Guid.NewGuid():N}");

    /// <summary>An orchestrator that makes one small call after the other, so that its journal is written often.</summary>
    internal Task<HostProcess> StartOrchestratorAsync(DirectoryInfo data, int port, params IEnumerable<(string, string)> environment) =>
        HostProcess.StartAsync(
            "orchestrator",
            "DiffusionMesh.Orchestrator",
            port,
            [
                $"--Orchestrator:DataDirectory={data.FullName}",
                $"--Orchestrator:Denoiser=http://127.0.0.1:{_denoiserPort}",
                $"--Orchestrator:Verifiers:clip=http://127.0.0.1:{_verifierPort}",
                "--Orchestrator:Parallelism=2",
                "--Orchestrator:TrajectoriesPerCall=2",
            ],
            environment);
}
