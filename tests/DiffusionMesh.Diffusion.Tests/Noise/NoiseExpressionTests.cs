using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Diffusion.Tests.Noise;

public class NoiseExpressionTests
{
    private static readonly NoiseExpression Pivot = new NoiseExpression.Draw(NoiseAddress.Of(3, 0));

    [Theory]
    [InlineData(.95)]
    [InlineData(.5)]
    [InlineData(0)]
    [InlineData(-.3)]
    [InlineData(1)]
    [InlineData(-1)]
    public void Rotation_AnyCosine_KeepsNormAndHasThatCosine(double cosine)
    {
        var n = Values(Pivot);
        var y = Values(new NoiseExpression.Rotation(Pivot, NoiseAddress.Of(3, 1), cosine));

        Assert.Equal(Norm(n), Norm(y), 1e-6 * Norm(n));
        Assert.Equal(cosine, Dot(n, y) / (Norm(n) * Norm(y)), 1e-7);
    }

    [Fact]
    public void Rotation_Nested_RotatesWhatItIsGiven()
    {
        NoiseExpression expression = Pivot;
        for (var i = 0; i < 20; i++)
        {
            expression = new NoiseExpression.Rotation(expression, NoiseAddress.Of(9, (uint)i), .95);
        }

        Assert.Equal(20, expression.Rotations);
        Assert.Equal(Norm(Values(Pivot)), Norm(Values(expression)), 1e-4);
        var last = (NoiseExpression.Rotation)expression;
        Assert.Equal(.95, Dot(Values(last.From), Values(last)) / (Norm(Values(last)) * Norm(Values(last.From))), 1e-6);
    }

    [Fact]
    public void Rotation_TowardsParallelDraw_LeavesNoise()
    {
        var y = Values(new NoiseExpression.Rotation(Pivot, NoiseAddress.Of(3, 0), .5));

        Assert.Equal(Values(Pivot), y);
    }

    [Theory]
    [InlineData(1.0001)]
    [InlineData(-2)]
    [InlineData(double.NaN)]
    public void Rotation_CosineOutOfRange_IsRefused(double cosine)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new NoiseExpression.Rotation(Pivot, NoiseAddress.Of(1), cosine));
    }

    [Fact]
    public void Equals_SameExpression_IsTrue()
    {
        Assert.Equal(
            new NoiseExpression.Rotation(Pivot, NoiseAddress.Of(1, 2), .9),
            new NoiseExpression.Rotation(new NoiseExpression.Draw(NoiseAddress.Of(3, 0)), NoiseAddress.Of(1, 2), .9));
    }

    private static float[] Values(NoiseExpression expression)
    {
        var values = new float[1024];
        expression.Fill(values);
        return values;
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static double Norm(float[] a) => Math.Sqrt(Dot(a, a));
}
