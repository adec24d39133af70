using System.Collections.Concurrent;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Calling;

/// <summary>Time by which all waiting is over at once; it keeps how long each wait was to be.</summary>
/// <param name="waits">After how many <see cref="Waited"/> ends.</param>
internal sealed class HastyTime(int waits) : TimeProvider
{
    private readonly TaskCompletionSource _waited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<TimeSpan> _waits = new();
    private long _now = 1;

    public IReadOnlyCollection<TimeSpan> Waits => _waits;

    public Task Waited => _waited.Task;

    /// <summary>By how much waits end before their time, at most.</summary>
    public TimeSpan Early { get; init; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= TimeSpan.Zero)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        _waits.Enqueue(dueTime);
        Interlocked.Add(ref _now, Math.Max(0, (dueTime - Early).Ticks));
        if (_waits.Count >= waits)
        {
            _waited.TrySetResult();
        }

        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
