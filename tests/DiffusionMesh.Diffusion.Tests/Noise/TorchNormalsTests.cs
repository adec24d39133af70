using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Diffusion.Tests.Noise;

public class TorchNormalsTests
{
    public static IEnumerable<object[]> Draws => TorchGolden.Values
        .Select(value => (value.Seed, value.Length)).Distinct().Select(draw => new object[] { draw.Seed, draw.Length });

    // Lengths on both sides of 16, where torch changes its method, and with a last block that is not full.
    [Theory]
    [MemberData(nameof(Draws))]
    public void Fill_TorchSeed_GivesTorchsValues(ulong seed, int length)
    {
        var values = new float[length];

        NoiseAddress.Torch(seed).Fill(values);

        foreach (var golden in TorchGolden.Values.Where(value => value.Seed == seed && value.Length == length))
        {
            Assert.Equal(BitConverter.UInt32BitsToSingle(golden.Bits), values[golden.Index], 1e-6f);
        }
    }

    // The first outputs of the authors' generator for the seed that they use as its default.
    [Fact]
    public void MersenneTwister_DefaultSeed_GivesPublishedWords()
    {
        var words = new MersenneTwister(5489);

        Assert.Equal([3499211612, 581869302, 3890346734, 3586334585, 545404204], Enumerable.Range(0, 5).Select(_ => words.Next()));
        for (var i = 5; i < 9999; i++)
        {
            words.Next();
        }

        Assert.Equal(4123659995, words.Next());
    }

    [Fact]
    public void Fill_LineageOfTorchSeed_IsRefused()
    {
        var address = NoiseAddress.Of(1, 2) with { Generator = NoiseGenerator.TorchCpu };

        Assert.Throws<InvalidOperationException>(() => address.Fill(new float[16]));
    }

    [Fact]
    public void Equals_OtherGenerator_IsFalse()
    {
        Assert.NotEqual(NoiseAddress.Of(1), NoiseAddress.Torch(1));
        Assert.Equal(NoiseAddress.Torch(1), NoiseAddress.Torch(1));
        Assert.Equal("torch:1[]", NoiseAddress.Torch(1).ToString());
    }
}
