using System.Net;
using System.Net.Sockets;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>Ports for <c>dmesh up</c>.</summary>
internal static class MeshPorts
{
    /// <summary>Orchestrator, denoiser and six verifiers.</summary>
    private const int Count = 8;

    // Test processes that run side by side begin at different places, below those that the system gives out.
    private static int _next = 20_000 + (Environment.ProcessId % 500 * 2 * Count);

    /// <summary>The first of as many neighbouring ports, not in use, as the services take: others with every call.</summary>
    public static int Free()
    {
        int port;
        do
        {
            port = Interlocked.Add(ref _next, Count);
        }
        while (!Enumerable.Range(port, Count).All(IsFree));

        return port;
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
