using DiffusionMesh.Orchestrator.Mesh.Balancing;
using Grpc.Core;
using Grpc.Net.Client;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>The way to one address, and what is known of the pods behind it.</summary>
internal sealed class MeshChannel(GrpcChannel channel, PodLoads loads, IDisposable? services) : IDisposable
{
    public CallInvoker Invoker { get; } = channel.CreateCallInvoker();

    /// <summary>Pods that can be reached, as far as known; at least 1.</summary>
    public int Pods => loads.Ready;

    /// <summary>Whether some pods are known to be a good deal slower than others.</summary>
    public bool PodsDiffer => loads.Differ;

    /// <summary>Is told how many pods can be reached, 0 included.</summary>
    public event Action<int>? PodsChanged
    {
        add => loads.ReadyChanged += value;
        remove => loads.ReadyChanged -= value;
    }

    public void Dispose()
    {
        channel.Dispose();
        services?.Dispose();
    }
}
