using DiffusionMesh.Orchestrator.Searches;

namespace DiffusionMesh.Orchestrator.Tests.Searches;

public sealed class SearchProgressTests
{
    private static readonly TimeSpan Elapsed = TimeSpan.FromSeconds(32);

    [Theory]
    [InlineData(64, 0, null)]
    [InlineData(64, 1, null)]
    [InlineData(64, 15, null)]
    [InlineData(64, 16, 96.0)]
    [InlineData(64, 32, 32.0)]
    [InlineData(64, 64, 0.0)]
    [InlineData(4, 1, null)]
    [InlineData(4, 2, 32.0)]
    public void TimeLeft_WithThirtyTwoAtOnce_IsKnownOnceHalfOfThemAreDone(int planned, int done, double? seconds)
    {
        var progress = new SearchProgress(planned, budget: 1280, limit: null, atOnce: 32);
        for (var candidate = 1; candidate <= done; candidate++)
        {
            progress.Finished(candidate * 20);
        }

        Assert.Equal(seconds, progress.ToMessage(Elapsed).TimeLeft?.ToTimeSpan().TotalSeconds);
    }
}
