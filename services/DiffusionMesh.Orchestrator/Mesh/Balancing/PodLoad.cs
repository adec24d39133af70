namespace DiffusionMesh.Orchestrator.Mesh.Balancing;

/// <summary>What is known of one pod. Not safe for concurrent use.</summary>
internal sealed class PodLoad(TimeProvider time)
{
    // How much one more call changes the time a unit that is remembered.
    private const double Weight = 0.3;

    // What was measured of a pod that has been idle counts half after this time: it may have been a bad moment.
    private static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(10);

    // A pod that failed is avoided for this long, twice as long after each further failure.
    private static readonly TimeSpan FirstAvoidance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAvoidance = TimeSpan.FromSeconds(30);

    // How long a pod that has other weights than a call pins is not asked again by such calls.
    private static readonly TimeSpan MismatchMemory = TimeSpan.FromSeconds(30);

    private readonly LinkedList<CallRoute> _calls = [];
    private readonly Dictionary<string, long> _mismatches = new(StringComparer.Ordinal);
    private long _idleSince;
    private long _avoidedUntil;
    private int _failures;

    /// <summary>Units of work that this process has given the pod and that are not done.</summary>
    public double InFlight { get; private set; }

    /// <summary>Time that a unit took lately; null if never measured.</summary>
    public double? Measured { get; private set; }

    /// <summary>Time that a unit is to take; null if no pod was ever measured. A call that takes longer than it should counts as it is.</summary>
    /// <param name="typical">What other pods took.</param>
    public double? SecondsPerUnit(double? typical)
    {
        if ((Measured ?? typical) is not { } known)
        {
            return null;
        }

        if (_calls.First is { Value: var oldest })
        {
            return Math.Max(known, time.GetElapsedTime(oldest.Since).TotalSeconds / Math.Max(1, oldest.Ahead));
        }

        var others = typical ?? known;
        return others + ((known - others) * Math.Pow(0.5, time.GetElapsedTime(_idleSince) / HalfLife));
    }

    public bool IsAvoided => time.GetTimestamp() < _avoidedUntil;

    public bool IsMismatch(string pins) =>
        pins.Length > 0 && _mismatches.TryGetValue(pins, out var until) && time.GetTimestamp() < until;

    public void Enter(CallRoute call)
    {
        InFlight += call.Left;
        _calls.AddLast(call);

        // One call finds out whether a pod that failed is well again; meanwhile the others stay away.
        if (_failures > 0)
        {
            Avoid(Backoff());
        }
    }

    public void Advance(double work) => InFlight = Math.Max(0, InFlight - work);

    public void Leave(CallRoute call)
    {
        if (_calls.Remove(call))
        {
            Advance(call.Left);
            _idleSince = time.GetTimestamp();
        }
    }

    public void Succeed(CallRoute call)
    {
        (_failures, _avoidedUntil) = (0, 0);
        _mismatches.Remove(call.Pins);
        var seconds = time.GetElapsedTime(call.Since).TotalSeconds / Math.Max(1, call.Ahead);
        Measured = Measured is { } known ? known + (Weight * (seconds - known)) : seconds;
    }

    public void Fail()
    {
        _failures++;
        Avoid(Backoff());
    }

    public void Avoid(TimeSpan delay) =>
        _avoidedUntil = Math.Max(_avoidedUntil, time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency));

    public void Mismatch(string pins) =>
        _mismatches[pins] = time.GetTimestamp() + (long)(MismatchMemory.TotalSeconds * time.TimestampFrequency);

    private TimeSpan Backoff()
    {
        var delay = FirstAvoidance * Math.Pow(2, Math.Min(_failures - 1, 10));
        return delay < LongestAvoidance ? delay : LongestAvoidance;
    }
}
