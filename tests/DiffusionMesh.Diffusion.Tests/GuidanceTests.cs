namespace DiffusionMesh.Diffusion.Tests;

public class GuidanceTests
{
    [Theory]
    [InlineData(0, 1, 10)]
    [InlineData(1, 2, 20)]
    [InlineData(2, 3, 30)]
    [InlineData(-1, 0, 0)]
    public void Apply_Weight_ExtrapolatesFromTheUnconditional(double weight, float first, float second)
    {
        float[] conditional = [2, 20];

        Guidance.Apply(weight, conditional, [1, 10]);

        Assert.Equal([first, second], conditional);
    }

    [Fact]
    public void IsActive_WeightOne_IsFalse()
    {
        Assert.False(Guidance.IsActive(1));
        Assert.True(Guidance.IsActive(1.5));
        Assert.True(Guidance.IsActive(0));
    }
}
