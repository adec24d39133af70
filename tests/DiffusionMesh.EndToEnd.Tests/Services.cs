using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>Services that <c>dmesh up</c> runs for the tests of a class.</summary>
public sealed class Services : IAsyncLifetime
{
    private Dmesh? _up;

    public string Orchestrator { get; private set; } = "";

    public int PortBase { get; } = FreePorts();

    public string FolderPath { get; } = Directory.CreateTempSubdirectory("dmesh-e2e-").FullName;

    public async Task InitializeAsync()
    {
        _up = Dmesh.Start(FolderPath, "up", "--json", "--port-base", $"{PortBase}");
        await _up.WritesAsync("}");
        Orchestrator = (string)JsonNode.Parse(_up.Output)!["orchestrator"]!;
    }

    public async Task DisposeAsync()
    {
        await _up!.DisposeAsync();
        Directory.Delete(FolderPath, recursive: true);
    }

    /// <summary>The first of three neighbouring ports that nobody uses.</summary>
    public static int FreePorts()
    {
        for (var port = 20_000 + (Environment.ProcessId % 2_000 * 6); ; port += 3)
        {
            if (Enumerable.Range(port, 3).All(IsFree))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
