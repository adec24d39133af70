using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DiffusionMesh.Tests;

/// <summary>Ports of loopback for servers that are started later, or more than once.</summary>
/// <remarks>
/// They lie below those that the system gives out by itself, so that no connection takes one meanwhile. Other test
/// processes are kept off them by a UDP socket that lasts as long as this process: the servers listen with TCP.
/// </remarks>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly Lock Gate = new();
    private static readonly List<Socket> Claims = [];
    private static int _next = First + (Environment.ProcessId % 100 * 100);

    /// <summary>A port that nothing listens on: another one with every call.</summary>
    /// <param name="neighbours">How many ports in a row are wanted.</param>
    /// <returns>The first of them.</returns>
    public static int Take(int neighbours = 1)
    {
        lock (Gate)
        {
            for (var tried = First; tried < Last; tried += neighbours)
            {
                var first = _next + neighbours <= Last ? _next : First;
                _next = first + neighbours;
                if (TryClaim(first, neighbours))
                {
                    return first;
                }
            }

            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"no {neighbours} neighbouring ports are free from {First} to {Last}"));
        }
    }

    private static bool TryClaim(int first, int neighbours)
    {
        var sockets = new List<Socket>();
        try
        {
            for (var port = first; port < first + neighbours; port++)
            {
                sockets.Add(Bind(SocketType.Dgram, ProtocolType.Udp, port));
                using var listener = Bind(SocketType.Stream, ProtocolType.Tcp, port);
            }
        }
        catch (SocketException)
        {
            sockets.ForEach(socket => socket.Dispose());
            return false;
        }

        Claims.AddRange(sockets);
        return true;
    }

    private static Socket Bind(SocketType type, ProtocolType protocol, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
