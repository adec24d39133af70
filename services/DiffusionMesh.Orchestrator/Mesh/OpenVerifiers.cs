using DiffusionMesh.Contracts;
using DiffusionMesh.Transport;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>
/// The ways to verifiers that are open, one for each address however it is spelled. Those to addresses of the configuration
/// stay open; one that a client named is closed once it was not used for a while, or when its place is needed.
/// </summary>
/// <param name="open">Opens the way to an address.</param>
/// <param name="isOurs">Whether an address is the configuration's.</param>
internal sealed class OpenVerifiers(Func<string, VerifierAccess> open, Predicate<string> isOurs, TimeProvider time) : IDisposable
{
    /// <summary>Most addresses of clients.</summary>
    public const int MaxForeign = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Way> _ways = new(StringComparer.Ordinal);

    /// <summary>Addresses of clients that are open.</summary>
    public int Foreign
    {
        get
        {
            lock (_gate)
            {
                return _ways.Values.Count(way => way.IsForeign);
            }
        }
    }

    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: so many addresses of clients are in use at this moment.</exception>
    public VerifierUse Use(string address)
    {
        lock (_gate)
        {
            CloseUnused();
            var key = MeshAddress.Normal(address);
            if (!_ways.TryGetValue(key, out var way))
            {
                var isForeign = !isOurs(address);
                if (isForeign)
                {
                    MakeRoom();
                }

                _ways[key] = way = new Way(open(address), isForeign);
            }

            way.Users++;
            return new VerifierUse(way.Verifier, () => Leave(way));
        }
    }

    /// <summary>Closes what was not used for a while.</summary>
    public void CloseUnused()
    {
        lock (_gate)
        {
            foreach (var (key, way) in _ways.Where(each => each.Value.MayClose && time.GetElapsedTime(each.Value.LastUse) >= Patience).ToList())
            {
                Close(key, way);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (key, way) in _ways.ToList())
            {
                Close(key, way);
            }
        }
    }

    private void MakeRoom()
    {
        if (_ways.Values.Count(way => way.IsForeign) < MaxForeign)
        {
            return;
        }

        var unused = _ways.Where(each => each.Value.MayClose).ToList();
        if (unused.Count == 0)
        {
            throw RpcErrors.ResourceExhausted($"{MaxForeign} addresses of verifiers that searches named are in use; that is as many as there may be", RetryAfter);
        }

        var (key, oldest) = unused.MinBy(each => each.Value.LastUse);
        Close(key, oldest);
    }

    private void Leave(Way way)
    {
        lock (_gate)
        {
            way.Users--;
            way.LastUse = time.GetTimestamp();
        }
    }

    private void Close(string key, Way way)
    {
        _ways.Remove(key);
        way.Verifier.Dispose();
    }

    private sealed class Way(VerifierAccess verifier, bool isForeign)
    {
        public VerifierAccess Verifier => verifier;

        public bool IsForeign => isForeign;

        public int Users { get; set; }

        public long LastUse { get; set; }

        public bool MayClose => isForeign && Users == 0;
    }
}
