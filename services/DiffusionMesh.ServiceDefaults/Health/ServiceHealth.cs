using System.Collections.Concurrent;

namespace DiffusionMesh.ServiceDefaults.Health;

/// <summary>Which services of this host are ready. A service that was never set is as ready as the server.</summary>
public sealed class ServiceHealth
{
    /// <summary>Name that stands for the whole server.</summary>
    public const string Server = "";

    private readonly ConcurrentDictionary<string, bool> _serving = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Sets whether a service is ready.</summary>
    /// <param name="service">Full name, for example <c>diffusionmesh.denoiser.v1.DenoiserService</c>, or <see cref="Server"/>.</param>
    /// <param name="isServing">Whether it is.</param>
    public void Set(string service, bool isServing)
    {
        _serving[service] = isServing;
        Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
    }

    /// <summary>Whether a service is ready; null if it was never set.</summary>
    public bool? IsServing(string service) => _serving.TryGetValue(service, out var isServing) ? isServing : null;

    /// <summary>Completes at the next change after this call. Ask for it before reading the state.</summary>
    internal Task NextChange() => Volatile.Read(ref _changed).Task;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
