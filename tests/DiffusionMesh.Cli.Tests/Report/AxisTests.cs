using DiffusionMesh.Cli.Report;

namespace DiffusionMesh.Cli.Tests.Report;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0, 1280, 8, 0, new[] { "0", "200", "400", "600", "800", "1\u2009000", "1\u2009200" })]
    [InlineData(0, 3, 8, 1, new[] { "0", "1", "2", "3" })]
    [InlineData(-0.25, 0.25, 5, 0, new[] { "-0.2", "-0.1", "0.0", "0.1", "0.2" })]
    [InlineData(0.801, 0.8049, 4, 0, new[] { "0.801", "0.802", "0.803", "0.804" })]
    public void Ticks_OfARange_AreRoundAndLabelledAsFarAsNeeded(double low, double high, int ticks, double smallestStep, string[] expected)
    {
        var axis = Axis.Over(low, high, ticks, 0, 100, wholeSteps: false, smallestStep);

        Assert.Equal(expected, axis.Ticks.Select(axis.Label));
    }

    [Fact]
    public void Over_WholeSteps_CoversTheRange()
    {
        var axis = Axis.Over(0.777, 1.4374, 6, 300, 0, wholeSteps: true);

        Assert.True(axis.Minimum <= 0.777 && axis.Maximum >= 1.4374);
        Assert.Equal(300, axis.Position(axis.Minimum), 9);
        Assert.Equal(0, axis.Position(axis.Maximum), 9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.25)]
    [InlineData(-3)]
    public void Over_OneValue_PutsItInTheMiddle(double value)
    {
        var axis = Axis.Over(value, value, 6, 0, 100, wholeSteps: false);

        Assert.Equal(50, axis.Position(value), 6);
        Assert.NotEmpty(axis.Ticks);
    }
}
