namespace DiffusionMesh.Orchestrator.Mesh.Balancing;

/// <summary>
/// What is known of the pods behind one address, and the choice among them: the one that would be done first, going by
/// the work that it has and by the time that it took for a unit of work lately.
/// </summary>
/// <param name="random">Breaks ties.</param>
internal sealed class PodLoads(TimeProvider time, Random random)
{
    // Pods that are alike take times that differ by less.
    private const double UnevenFrom = 1.5;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PodLoad> _pods = new(StringComparer.Ordinal);
    private int _ready = 1;
    private int _addresses = 1;

    // Why a pod is not taken, the lightest reason first.
    private enum Reserve
    {
        None,
        Failing,
        Shunned,
        Mismatch,
    }

    /// <summary>Is told how many pods can be reached, 0 included.</summary>
    public event Action<int>? ReadyChanged;

    /// <summary>Pods that can be reached, as far as known; at least 1.</summary>
    public int Ready => Volatile.Read(ref _ready);

    /// <summary>Whether some pods are known to be a good deal slower than others.</summary>
    public bool Differ
    {
        get
        {
            lock (_lock)
            {
                var measured = _pods.Values.Select(pod => pod.Measured).OfType<double>().DefaultIfEmpty().ToArray();
                return measured.Max() > UnevenFrom * measured.Min();
            }
        }
    }

    /// <summary>Addresses that were found, whether they can be reached or not.</summary>
    public int Addresses => Volatile.Read(ref _addresses);

    /// <summary>Work in flight at a pod.</summary>
    public double InFlight(string pod)
    {
        lock (_lock)
        {
            return _pods.TryGetValue(pod, out var load) ? load.InFlight : 0;
        }
    }

    /// <summary>Other pods can be reached than before. What is known of those that are gone is kept until <see cref="Keep"/>.</summary>
    public void SetReady(int pods)
    {
        Volatile.Write(ref _ready, Math.Max(1, pods));
        ReadyChanged?.Invoke(pods);
    }

    /// <summary>Forgets all but these pods.</summary>
    public void Keep(IEnumerable<string> pods)
    {
        var kept = pods.ToHashSet(StringComparer.Ordinal);
        Volatile.Write(ref _addresses, kept.Count);
        lock (_lock)
        {
            foreach (var gone in _pods.Keys.Except(kept).ToArray())
            {
                _pods.Remove(gone);
            }
        }
    }

    /// <summary>Chooses a pod for a call and gives it the work.</summary>
    /// <param name="ready">At least one.</param>
    /// <param name="call">Null: a call that is no work.</param>
    /// <returns>The position of the pod; -1 if the call is to go elsewhere and there is no elsewhere.</returns>
    public int Choose(IReadOnlyList<string> ready, CallRoute? call)
    {
        lock (_lock)
        {
            call?.Leave();
            var pods = ready.Select(Known).ToArray();
            var typical = Typical(pods);
            var (chosen, ties) = (-1, 0);
            (Reserve Reserve, double Seconds) least = (Reserve.Mismatch, double.PositiveInfinity);
            for (var i = 0; i < pods.Length; i++)
            {
                var reserve = ReserveOf(ready[i], pods[i], call);
                if (call is { OnlyElsewhere: true } && reserve >= Reserve.Shunned)
                {
                    continue;
                }

                var seconds = (pods[i].InFlight + (call?.Left ?? 1)) * (pods[i].SecondsPerUnit(typical) ?? 1);
                var order = (reserve, seconds).CompareTo(least);
                ties = order < 0 ? 1 : order == 0 ? ties + 1 : ties;

                // Each of n that tie is chosen with probability 1 / n.
                if (order < 0 || (order == 0 && random.Next(ties) == 0))
                {
                    (chosen, least) = (i, (reserve, seconds));
                }
            }

            if (call is not null && chosen >= 0)
            {
                var pod = pods[chosen];
                call.Enter(this, ready[chosen], pod.InFlight + call.Left, time.GetTimestamp());
                pod.Enter(call);
            }

            return chosen;
        }
    }

    internal void Advance(CallRoute call, double work) => Change(call, pod => pod.Advance(work));

    internal void Succeed(CallRoute call) => Change(call, pod => pod.Succeed(call));

    internal void Fail(CallRoute call) => Change(call, pod => pod.Fail());

    internal void Defer(CallRoute call, TimeSpan delay) => Change(call, pod => pod.Avoid(delay));

    internal void Mismatch(CallRoute call) => Change(call, pod => pod.Mismatch(call.Pins));

    internal void Leave(CallRoute call) => Change(call, pod => pod.Leave(call));

    private static Reserve ReserveOf(string address, PodLoad pod, CallRoute? call) =>
        call is not null && pod.IsMismatch(call.Pins) ? Reserve.Mismatch
        : call is not null && call.Shunned.Contains(address) ? Reserve.Shunned
        : pod.IsAvoided ? Reserve.Failing
        : Reserve.None;

    private static double? Typical(PodLoad[] pods)
    {
        var (sum, count) = (0.0, 0);
        foreach (var pod in pods)
        {
            if (pod.Measured is { } seconds)
            {
                (sum, count) = (sum + seconds, count + 1);
            }
        }

        return count == 0 ? null : sum / count;
    }

    private PodLoad Known(string address)
    {
        if (!_pods.TryGetValue(address, out var pod))
        {
            _pods[address] = pod = new PodLoad(time);
        }

        return pod;
    }

    private void Change(CallRoute call, Action<PodLoad> change)
    {
        lock (_lock)
        {
            if (call.Pod is { } address && _pods.TryGetValue(address, out var pod))
            {
                change(pod);
            }
        }
    }
}
