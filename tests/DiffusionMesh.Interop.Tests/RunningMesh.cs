using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using DiffusionMesh.EndToEnd.Tests;

namespace DiffusionMesh.Interop.Tests;

/// <summary>All services, started as a user does: <c>dmesh up</c>.</summary>
public sealed class RunningMesh : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);

    private readonly StringBuilder _log = new();
    private Process _dmesh = null!;
    private readonly string _data = Directory.CreateTempSubdirectory("dmesh-interop-").FullName;
    private JsonNode _services = null!;

    /// <summary>HOST:PORT of the orchestrator.</summary>
    public string Orchestrator => Authority(_services["orchestrator"]!);

    /// <summary>HOST:PORT of the denoiser.</summary>
    public string Denoiser => Authority(_services["denoiser"]!);

    /// <summary>HOST:PORT of the CLIP verifier.</summary>
    public string ClipVerifier => Authority(_services["verifiers"]!["clip"]!);

    public async Task InitializeAsync()
    {
        _dmesh = Process.Start(new ProcessStartInfo("dotnet", [Repository.Dmesh, "up", "--json", "--data", _data, "--port-base", $"{MeshPorts.Free()}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _dmesh.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        };
        _dmesh.BeginErrorReadLine();

        using var limit = new CancellationTokenSource(StartLimit);
        var document = new StringBuilder();
        string? line;
        do
        {
            line = await _dmesh.StandardOutput.ReadLineAsync(limit.Token);
            document.AppendLine(line);
        }
        while (line is not (null or "}"));

        _services = line is null ? throw new InvalidOperationException($"dmesh up ended: {_log}") : JsonNode.Parse(document.ToString())!;
    }

    public async Task DisposeAsync()
    {
        _dmesh.Kill();
        await _dmesh.WaitForExitAsync();
        _dmesh.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private static string Authority(JsonNode address) => new Uri(address.GetValue<string>()).Authority;
}
