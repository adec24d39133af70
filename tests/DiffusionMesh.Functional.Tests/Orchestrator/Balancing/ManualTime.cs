namespace DiffusionMesh.Functional.Tests.Orchestrator.Balancing;

/// <summary>A clock that the test moves.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _now = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_now);

    public void Pass(double seconds) => _now += TimeSpan.FromSeconds(seconds).Ticks;
}
