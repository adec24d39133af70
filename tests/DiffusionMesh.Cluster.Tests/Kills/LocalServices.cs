using DiffusionMesh.Tests;
using Grpc.Net.Client;

namespace DiffusionMesh.Cluster.Tests.Kills;

/// <summary>A denoiser and a verifier on loopback, and the library that kills orchestrators before them.</summary>
public sealed class LocalServices : IAsyncLifetime
{
    private const string Models = "models";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-kill-");
    private readonly int _denoiserPort = FreePorts.Take();
    private readonly int _verifierPort = FreePorts.Take();
    private HostProcess? _denoiser;
    private HostProcess? _verifier;

    internal string DenoiserAddress => $"http://127.0.0.1:{_denoiserPort}";

    internal string VerifierAddress => $"http://127.0.0.1:{_verifierPort}";

    internal string Library => Path.Combine(_folder.FullName, "kill_at_write.so");

    public async Task InitializeAsync()
    {
        if (Machine.Skip is not null)
        {
            return;
        }

        await Tool.RunAsync("gcc", ["-O2", "-shared", "-fPIC", "-o", Library, Repository.Script("kill_at_write.c"), "-ldl"]);
        Directory.CreateSymbolicLink(
            Path.Combine(_folder.CreateSubdirectory(Models).FullName, "fashion-flow-small"), Path.Combine(Repository.Root, "models", "fashion-flow-small"));
        _denoiser = await StartDenoiserAsync(_denoiserPort);
        _verifier = await StartVerifierAsync(_verifierPort);
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

    /// <summary>A channel that finds a host soon after it is there.</summary>
    internal static GrpcChannel Open(int port) => GrpcChannel.ForAddress($"http://127.0.0.1:{port}", new GrpcChannelOptions
    {
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(50),
        MaxReconnectBackoff = TimeSpan.FromMilliseconds(200),
    });

    internal DirectoryInfo DataDirectory() => _folder.CreateSubdirectory($"data-{Guid.NewGuid():N}");

    /// <summary>A further denoiser with the small model alone.</summary>
    internal Task<HostProcess> StartDenoiserAsync(int port) => HostProcess.StartAsync(
        "denoiser", "DiffusionMesh.Denoiser", port, [$"--Models:Path={Path.Combine(_folder.FullName, Models)}", "--Denoiser:Threads=1"]);

    internal Task<HostProcess> StartVerifierAsync(int port) =>
        HostProcess.StartAsync("verifier-clip", "DiffusionMesh.Verifier.Clip", port, ["--Verifier:Threads=1"]);

    /// <summary>An orchestrator that makes one small call after the other, so that its journal is written often.</summary>
    /// <param name="arguments">Where it keeps searches, for example.</param>
    internal Task<HostProcess> StartOrchestratorAsync(int port, IEnumerable<string> arguments, params IEnumerable<(string, string)> environment) =>
        HostProcess.StartAsync(
            "orchestrator",
            "DiffusionMesh.Orchestrator",
            port,
            [
                $"--Orchestrator:Denoiser={DenoiserAddress}",
                $"--Orchestrator:Verifiers:clip={VerifierAddress}",
                "--Orchestrator:Parallelism=2",
                "--Orchestrator:TrajectoriesPerCall=2",
                .. arguments,
            ],
            environment);
}
