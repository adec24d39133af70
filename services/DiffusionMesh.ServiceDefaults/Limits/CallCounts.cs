using System.Runtime.InteropServices;
using DiffusionMesh.Contracts;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Limits;

/// <summary>Counts the calls that each caller has under way, and refuses those beyond its share.</summary>
internal sealed class CallCounts(IOptions<LimitOptions> options)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();

    // Callers without a call under way are not in it.
    private readonly Dictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts a call until the returned place is left.</summary>
    /// <exception cref="Grpc.Core.RpcException">RESOURCE_EXHAUSTED: the caller has too many.</exception>
    public IDisposable Enter(string caller, bool isStream)
    {
        lock (_gate)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, caller, out _);
            var (limits, streams) = (options.Value, isStream ? 1 : 0);
            if (count.Calls >= limits.CallsPerCaller)
            {
                throw RpcErrors.ResourceExhausted($"{count.Calls} calls of this caller are under way; that is as many as it may have", RetryAfter);
            }

            if (count.Streams + streams > limits.StreamsPerCaller)
            {
                throw RpcErrors.ResourceExhausted($"{count.Streams} streams of this caller are open; that is as many as it may have", RetryAfter);
            }

            count = new Count(count.Calls + 1, count.Streams + streams);
        }

        return new Place(this, caller, isStream);
    }

    private void Leave(string caller, bool isStream)
    {
        lock (_gate)
        {
            var left = new Count(_counts[caller].Calls - 1, _counts[caller].Streams - (isStream ? 1 : 0));
            if (left.Calls == 0)
            {
                _counts.Remove(caller);
            }
            else
            {
                _counts[caller] = left;
            }
        }
    }

    private readonly record struct Count(int Calls, int Streams);

    private sealed class Place(CallCounts counts, string caller, bool isStream) : IDisposable
    {
        public void Dispose() => counts.Leave(caller, isStream);
    }
}
