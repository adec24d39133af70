using DiffusionMesh.Tests;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>A denoiser, a verifier and a database for the orchestrators of a class of tests.</summary>
public sealed class SharedServices : IAsyncLifetime
{
    private readonly int _ports = MeshPorts.Free();
    private readonly List<Dmesh> _hosts = [];
    private Dmesh? _verifier;
    private string _database = "";

    internal Dmesh Verifier => _verifier!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Skip is not null)
        {
            return;
        }

        _database = await (await PostgresServer.Shared).CreateDatabaseAsync();
        await using var migration = Dmesh.StartHost("orchestrator", "DiffusionMesh.Orchestrator", "migrate", $"--Orchestrator:Database={_database}");
        _hosts.Add(await StartAsync("denoiser", "DiffusionMesh.Denoiser", _ports));
        _hosts.Add(_verifier = await StartAsync("verifier-clip", "DiffusionMesh.Verifier.Clip", _ports + 1));
        var migrated = await migration.EndAsync();
        Assert.True(migrated.ExitCode == 0, migrated.Output + migrated.Errors);
    }

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>Starts an orchestrator and waits until it is ready. It ends with whoever started it.</summary>
    /// <returns>It, and its host and port.</returns>
    internal async Task<(Dmesh Process, string Authority)> StartOrchestratorAsync()
    {
        var port = MeshPorts.Free();
        var host = await StartAsync(
            "orchestrator",
            "DiffusionMesh.Orchestrator",
            port,
            $"--Orchestrator:Database={_database}",
            $"--Orchestrator:Denoiser=http://127.0.0.1:{_ports}",
            $"--Orchestrator:Verifiers:clip=http://127.0.0.1:{_ports + 1}",
            "--Orchestrator:DefaultModel=fashion-flow");
        return (host, $"127.0.0.1:{port}");
    }

    private async Task<Dmesh> StartAsync(string folder, string assembly, int port, params IEnumerable<string> settings)
    {
        var host = Dmesh.StartHost(folder, assembly, [$"--urls=http://127.0.0.1:{port}", "--AnnounceAddress=true", "--ExitWithStandardInput=true", .. settings]);
        await host.WritesAsync("listening ");
        return host;
    }
}
