using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Diffusion.Predictions;

namespace DiffusionMesh.Diffusion.Tests.Predictions;

public class LinearSumTests
{
    public static TheoryData<int> Lengths => new(Enumerable.Range(0, 40).Append(1024).Append(1031));

    // Lengths that fill vectors and that do not, against the scalar formula rounded once.
    [Theory]
    [MemberData(nameof(Lengths))]
    public void Apply_AnyLength_GivesTheBitsOfTheScalarLoop(int length)
    {
        var terms = Enumerable.Range(0, 4).Select(i => Values((uint)i, length)).ToArray();
        var (p, q, r, s) = (terms[0], terms[1], terms[2], terms[3]);
        var (first, second) = (new LinearMap(1 / 3.0, -Math.PI), new LinearMap(1e-3, 7.7));
        var (two, three, four) = (new float[length], new float[length], new float[length]);

        first.Apply(p, q, two);
        LinearSum.Apply(first, p, q, second.Second, r, three);
        LinearSum.Apply(first, p, q, second, r, s, four);

        for (var i = 0; i < length; i++)
        {
            var sum = (1 / 3.0 * p[i]) + (-Math.PI * q[i]);
            Assert.Equal((float)sum, two[i]);
            Assert.Equal((float)(sum + (7.7 * r[i])), three[i]);
            Assert.Equal((float)(sum + ((1e-3 * r[i]) + (7.7 * s[i]))), four[i]);
        }
    }

    [Fact]
    public void Apply_DestinationIsASource_GivesTheSame()
    {
        var (p, q, r, s) = (Values(0, 37), Values(1, 37), Values(2, 37), Values(3, 37));
        var (first, second) = (new LinearMap(2, 3), new LinearMap(5, 7));
        var expected = new float[37];
        LinearSum.Apply(first, p, q, second, r, s, expected);

        LinearSum.Apply(first, p, q, second, r, s, p);

        Assert.Equal(expected, p);
    }

    private static float[] Values(uint element, int length)
    {
        var values = new float[length];
        NoiseAddress.Of(12, element).Fill(values);
        return values;
    }
}
