using System.Net;
using System.Net.Sockets;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>Ports for <c>dmesh up</c>.</summary>
internal static class MeshPorts
{
    /// <summary>Orchestrator, denoiser and six verifiers.</summary>
    private const int Count = 8;

    private const int First = 20_000;

    /// <summary>The first of as many neighbouring ports, not in use, as the services take.</summary>
    public static int Free()
    {
        // Test processes that run side by side begin at different places.
        for (var port = First + (Environment.ProcessId % 500 * 2 * Count); ; port += Count)
        {
            if (Enumerable.Range(port, Count).All(IsFree))
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
