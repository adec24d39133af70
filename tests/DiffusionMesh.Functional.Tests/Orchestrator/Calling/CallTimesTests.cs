using DiffusionMesh.Orchestrator.Mesh.Calling;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Calling;

public sealed class CallTimesTests
{
    [Theory]
    [InlineData(95, 19)]
    [InlineData(50, 10)]
    [InlineData(100, 20)]
    public void Percentile_OfOneToTwenty_IsTheLeastThatSoManyDoNotExceed(int percentile, int seconds)
    {
        var times = new CallTimes(percentile, least: 20);
        foreach (var second in Enumerable.Range(1, 20).Reverse())
        {
            times.Add(100, TimeSpan.FromSeconds(second));
        }

        Assert.Equal(TimeSpan.FromSeconds(seconds), times.Of(100));
    }

    [Fact]
    public void Calls_OfAnotherSize_SayNothing()
    {
        var times = new CallTimes(95, least: 2);
        times.Add(100, TimeSpan.FromSeconds(1));
        Assert.Null(times.Of(100));

        times.Add(105, TimeSpan.FromSeconds(1));

        Assert.NotNull(times.Of(100));
        Assert.Null(times.Of(200));
        Assert.Null(times.Of(1));
    }

    [Fact]
    public void Calls_OfLongAgo_AreForgotten()
    {
        var times = new CallTimes(100, least: 1);
        times.Add(1, TimeSpan.FromSeconds(9));
        for (var i = 0; i < 256; i++)
        {
            times.Add(1, TimeSpan.FromSeconds(1));
        }

        Assert.Equal(TimeSpan.FromSeconds(1), times.Of(1));
    }
}
