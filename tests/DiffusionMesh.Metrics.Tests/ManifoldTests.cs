namespace DiffusionMesh.Metrics.Tests;

public sealed class ManifoldTests
{
    // Fixtures/sets_golden.py, Python 3.11.2, numpy 1.24.2.
    [Theory]
    [InlineData(60, 80, 4, 3, 1.0, 0.6333333333333333)]
    [InlineData(200, 150, 8, 3, 0.8266666666666667, 0.255)]
    [InlineData(100, 100, 6, 5, 1.0, 0.76)]
    public void Compare_TwoSets_IsWhatNumpyGives(int realCount, int count, int dimension, int neighbours, double precision, double recall)
    {
        var real = new Manifold(Features.Of(realCount, dimension, 1), dimension, neighbours);
        var generated = new Manifold(Array.ConvertAll(Features.Of(count, dimension, 2), value => value * 0.8f), dimension, neighbours);

        var both = Manifold.Compare(real, generated);

        Assert.Equal(precision, both.Precision, 1e-12);
        Assert.Equal(recall, both.Recall, 1e-12);
    }

    [Fact]
    public void Compare_ASetAndItself_IsFull()
    {
        var set = new Manifold(Features.Of(50, 6, 1), 6);

        Assert.Equal(new PrecisionRecall(1, 1), Manifold.Compare(set, set));
    }

    [Fact]
    public void Compare_SetsFarApart_IsEmpty()
    {
        var real = new Manifold(Features.Of(50, 6, 1), 6);
        var generated = new Manifold(Array.ConvertAll(Features.Of(50, 6, 2), value => value + 100), 6);

        Assert.Equal(new PrecisionRecall(0, 0), Manifold.Compare(real, generated));
    }

    [Fact]
    public void Coverage_OfAVectorOnTheSurface_CountsIt()
    {
        // 0, 1, 3 with k = 1: the ball of 3 reaches to 1, so that 5 lies exactly on its surface and 5.5 outside.
        var set = new Manifold([0, 1, 3], 1, neighbours: 1);

        Assert.Equal(1, set.Coverage(new Manifold([5, 5], 1, neighbours: 1)));
        Assert.Equal(0, set.Coverage(new Manifold([5.5f, 5.5f], 1, neighbours: 1)));
    }

    [Fact]
    public void Coverage_WithDuplicates_ExcludesOnlyTheVectorItself()
    {
        // Of two equal vectors each is the other's nearest neighbour: with k = 1 their balls are points.
        var set = new Manifold([2, 2, 9, 9], 1, neighbours: 1);

        Assert.Equal(0.5, set.Coverage(new Manifold([2, 2.5f], 1, neighbours: 1)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public void Manifold_OfTooFewVectors_IsRefused(int count) =>
        Assert.Throws<ArgumentException>(() => new Manifold(new float[count * 2], 2));
}
