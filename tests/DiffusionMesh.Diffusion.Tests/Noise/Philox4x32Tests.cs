using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Diffusion.Tests.Noise;

public class Philox4x32Tests
{
    // kat_vectors of Random123, the generator's reference implementation.
    [Theory]
    [InlineData(0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void Generate_PublishedVector_GivesPublishedWords(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint w0, uint w1, uint w2, uint w3)
    {
        var words = Philox4x32.Generate(new PhiloxBlock(c0, c1, c2, c3), new PhiloxKey(k0, k1));

        Assert.Equal(new PhiloxBlock(w0, w1, w2, w3), words);
    }
}
