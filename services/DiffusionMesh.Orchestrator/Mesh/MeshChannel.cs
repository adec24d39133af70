using DiffusionMesh.Orchestrator.Mesh.Balancing;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>The way to one address, and what is known of the pods behind it.</summary>
internal sealed class MeshChannel(GrpcChannel channel, int maxMessageBytes, PodLoads loads, IDisposable? services) : IDisposable
{
    public CallInvoker Invoker { get; } = channel.Intercept(new ClockJumps(TimeProvider.System));

    /// <summary>Most that one message may hold.</summary>
    public int MaxMessageBytes => maxMessageBytes;

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

    /// <summary>Asks one pod after the other until an answer is what is wanted.</summary>
    /// <param name="ask">Is told whether to wait for a pod to be connected.</param>
    /// <returns>The first answer that is wanted; the last one if none is.</returns>
    /// <exception cref="RpcException">No pod answers.</exception>
    public async Task<T> AskEachAsync<T>(Func<bool, Task<T>> ask, Func<T, bool> isWanted)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        T answer;
        using (var route = CallRoute.Begin(0))
        {
            answer = await ask(false);
            if (route.Pod is not { } pod)
            {
                return answer;
            }

            asked.Add(pod);
        }

        while (!isWanted(answer) && asked.Count < loads.Addresses)
        {
            using var route = CallRoute.Begin(0, shunned: asked, onlyElsewhere: true);
            try
            {
                answer = await ask(true);
            }
            catch (RpcException silent) when (silent.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
            {
                return answer;
            }

            asked.Add(route.Pod!);
        }

        return answer;
    }

    public void Dispose()
    {
        channel.Dispose();
        services?.Dispose();
    }
}
