namespace DiffusionMesh.Metrics.Tests;

public sealed class PairwiseDiversityTests
{
    [Fact]
    public void Of_ATriangle_IsTheMeanOfItsSides() =>
        Assert.Equal((3 + 4 + 5) / 3.0, PairwiseDiversity.Of([0, 0, 3, 0, 0, 4], 2), 1e-6);

    [Fact]
    public void Of_EqualVectors_IsZero() => Assert.Equal(0, PairwiseDiversity.Of([1, 2, 1, 2, 1, 2], 2));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Of_FewerThanTwoVectors_IsZero(int count) => Assert.Equal(0, PairwiseDiversity.Of(new float[count * 2], 2));
}
