using System.Text.Json.Nodes;
using DiffusionMesh.Tests;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>Services that <c>dmesh up</c> runs for the tests of a class.</summary>
public sealed class Services : IAsyncLifetime
{
    private Dmesh? _up;

    public string Orchestrator { get; private set; } = "";

    public int PortBase { get; } = FreePorts.Take(MeshPorts.Count + 1) + 1;

    public string FolderPath { get; } = Directory.CreateTempSubdirectory("dmesh-e2e-").FullName;

    public async Task InitializeAsync()
    {
        _up = Dmesh.Start(FolderPath, "up", "--json", "--data", Path.Combine(FolderPath, "kept"), "--port-base", $"{PortBase}");
        await _up.WritesLineAsync("}");
        Orchestrator = (string)JsonNode.Parse(_up.Output)!["orchestrator"]!;
    }

    public async Task DisposeAsync()
    {
        await _up!.DisposeAsync();
        Directory.Delete(FolderPath, recursive: true);
    }
}
