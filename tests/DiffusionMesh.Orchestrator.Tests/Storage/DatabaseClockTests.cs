using DiffusionMesh.Orchestrator.Storage.Postgres;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

public sealed class DatabaseClockTests
{
    [Fact]
    public void Now_BeforeItWasSet_IsTheMachines()
    {
        var clock = new DatabaseClock();

        var before = TimeProvider.System.GetUtcNow();
        var now = clock.GetUtcNow();

        Assert.InRange(now, before, TimeProvider.System.GetUtcNow());
    }

    [Theory]
    [InlineData(2001)]
    [InlineData(2101)]
    public void Now_OnceItWasSet_GoesOnFromThereAtThisMachinesPace(int year)
    {
        var clock = new DatabaseClock();
        var said = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var at = clock.GetTimestamp();

        clock.Set(said, at);
        var least = clock.GetElapsedTime(at);
        var now = clock.GetUtcNow();

        Assert.InRange(now, said + least, said + clock.GetElapsedTime(at));
    }

    [Fact]
    public void Now_SetAgain_IsTheLatest()
    {
        var clock = new DatabaseClock();
        clock.Set(DateTimeOffset.UnixEpoch.AddYears(80), clock.GetTimestamp());

        clock.Set(DateTimeOffset.UnixEpoch, clock.GetTimestamp());

        Assert.True(clock.GetUtcNow() < DateTimeOffset.UnixEpoch.AddYears(1));
    }
}
