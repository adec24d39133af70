using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Diffusion.Tests.Noise;

public class PortableFunctionsTests
{
    public static TheoryData<uint> Words
    {
        get
        {
            var words = new TheoryData<uint>
            {
                0, 1, 2, uint.MaxValue, uint.MaxValue - 1, 0x7FFFFFFF, 0x80000000, 0xB504F333, 0xB504F334,
                0x1FFFFFFF, 0x20000000, 0x3FFFFFFF, 0x40000000, 0x5FFFFFFF, 0x60000000, 0x9FFFFFFF, 0xA0000000, 0xE0000000,
            };
            for (var i = 1u; i < 500; i++)
            {
                words.Add(unchecked(i * 0x9E3779B9));
            }

            return words;
        }
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void LogOfUniform_AnyWord_AgreesWithPlatformToLastPlaces(uint word)
    {
        var expected = word > 0xF0000000 ? LogNearOne(word) : Math.Log((word + .5) / 4294967296);

        Assert.Equal(1, PortableFunctions.LogOfUniform(word) / expected, 4e-16);
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void SinCosOfTurn_AnyWord_AgreesWithPlatformToLastPlaces(uint word)
    {
        var (sin, cos) = PortableFunctions.SinCosOfTurn(word);
        var (expectedSin, expectedCos) = Math.SinCos(2 * Math.PI * ((word + .5) / 4294967296));

        // 2π v, as the platform gets it, is itself off by some 1e-15.
        Assert.Equal(expectedSin, sin, 2e-15);
        Assert.Equal(expectedCos, cos, 2e-15);
        Assert.Equal(1, (sin * sin) + (cos * cos), 5e-16);
    }

    private static double LogNearOne(uint word)
    {
        var d = (4294967295 - word + .5) / 4294967296;
        var sum = 0.0;
        for (var k = 30; k >= 1; k--)
        {
            sum += Math.Pow(d, k) / k;
        }

        return -sum;
    }
}
