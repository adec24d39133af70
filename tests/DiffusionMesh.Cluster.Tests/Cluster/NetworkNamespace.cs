using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace DiffusionMesh.Cluster.Tests.Cluster;

/// <summary>Connections out of a network namespace: a socket stays in the one of the thread that made it.</summary>
internal sealed partial class NetworkNamespace(string name)
{
    private const int NetworkNamespaces = 0x40000000;

    /// <summary>Connects from within the namespace, for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = await OpenAsync();
        try
        {
            await socket.ConnectAsync(IPEndPoint.Parse($"{context.DnsEndPoint.Host}:{context.DnsEndPoint.Port}"), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // On a thread of its own, which ends with it: no other may find itself in the namespace.
    private Task<Socket> OpenAsync()
    {
        var opened = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                using var space = File.OpenHandle($"/run/netns/{name}");
                if (SetNamespace(space, NetworkNamespaces) != 0)
                {
                    throw new Win32Exception();
                }

                opened.SetResult(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            }
            catch (Exception e)
            {
                opened.SetException(e);
            }
        }).Start();
        return opened.Task;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeHandle space, int kind);
}
