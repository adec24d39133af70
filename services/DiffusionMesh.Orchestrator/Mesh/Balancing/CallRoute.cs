namespace DiffusionMesh.Orchestrator.Mesh.Balancing;

/// <summary>
/// The way of one attempt of a call: what the balancer has to know of it, and what it has to be told of its end. It goes
/// with the flow of execution, so that nothing of it is on the wire. Where a channel is not balanced, it is of no effect.
/// </summary>
internal sealed class CallRoute : IDisposable
{
    private static readonly AsyncLocal<CallRoute?> Ambient = new();

    private readonly CallRoute? _outer;
    private PodLoads? _loads;

    private CallRoute(double work, CallRoute? outer) => (Work, Left, _outer) = (work, work, outer);

    /// <summary>The way of the attempt that is being made.</summary>
    public static CallRoute? Current => Ambient.Value;

    /// <summary>How much there is to do, in units that take alike: rows times steps, or images.</summary>
    public double Work { get; }

    /// <summary>What is still to do.</summary>
    public double Left { get; private set; }

    /// <summary>What the call pins. A pod that has other weights or arithmetic is of no use to calls that pin the same.</summary>
    public string Pins { get; init; } = "";

    /// <summary>Addresses of pods that are taken only if there is no other.</summary>
    public IReadOnlyCollection<string> Shunned { get; init; } = [];

    /// <summary>Whether the call rather fails than goes to a pod that is shunned.</summary>
    public bool OnlyElsewhere { get; init; }

    /// <summary>Whether the call was never sent, as there was no pod but those that are shunned.</summary>
    public bool LedNowhere => OnlyElsewhere && Pod is null;

    /// <summary>Address of the pod that has the call; null before one was chosen.</summary>
    public string? Pod { get; private set; }

    /// <summary>Pods that can be reached beside the one that has the call.</summary>
    public int OtherPods => (_loads?.Ready ?? 1) - 1;

    /// <summary>Work that the pod had taken on when this call came to it, that of the call included.</summary>
    public double Ahead { get; private set; }

    /// <summary>When the pod was chosen, as a time stamp.</summary>
    public long Since { get; private set; }

    /// <summary>Every call that is made from here on, until it is disposed of, goes this way.</summary>
    /// <param name="work">In units that take alike.</param>
    /// <param name="pins">See <see cref="Pins"/>.</param>
    /// <param name="shunned">See <see cref="Shunned"/>.</param>
    /// <param name="onlyElsewhere">See <see cref="OnlyElsewhere"/>.</param>
    public static CallRoute Begin(double work, string pins = "", IReadOnlyCollection<string>? shunned = null, bool onlyElsewhere = false) =>
        Ambient.Value = new CallRoute(work, Ambient.Value) { Pins = pins, Shunned = shunned ?? [], OnlyElsewhere = onlyElsewhere };

    /// <summary>A part of the work is done.</summary>
    public void Advance(double work)
    {
        _loads?.Advance(this, Math.Min(work, Left));
        Left -= Math.Min(work, Left);
    }

    /// <summary>The pod did all of it.</summary>
    public void Succeed() => _loads?.Succeed(this);

    /// <summary>The pod did not do it: it is avoided for a while.</summary>
    public void Fail() => _loads?.Fail(this);

    /// <summary>The pod has no room, or not in time: it is left alone for as long as it asks.</summary>
    public void Defer(TimeSpan delay) => _loads?.Defer(this, delay);

    /// <summary>The pod has other weights or arithmetic than the call pins.</summary>
    public void Mismatch() => _loads?.Mismatch(this);

    /// <summary>The attempt is over; the pod has no more to do for it.</summary>
    public void Dispose()
    {
        Leave();
        Ambient.Value = _outer;
    }

    /// <summary>The balancer chose a pod, for the first time or anew.</summary>
    internal void Enter(PodLoads loads, string pod, double ahead, long since) =>
        (_loads, Pod, Ahead, Since) = (loads, pod, ahead, since);

    /// <summary>The pod has no more to do.</summary>
    internal void Leave()
    {
        _loads?.Leave(this);
        _loads = null;
    }
}
