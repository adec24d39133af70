namespace DiffusionMesh.Imaging.Tests;

public sealed class PngTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1, 3)]
    [InlineData(32, 32, 1)]
    [InlineData(7, 5, 3)]
    [InlineData(1, 300, 3)]
    [InlineData(513, 257, 3)]
    public void Encode_AnySize_DecodesToTheSamePixels(int width, int height, int channels)
    {
        var pixels = RandomPixels(width * height * channels);

        var file = PngFile.Parse(Png.Encode(pixels, width, height, channels));

        Assert.Equal((width, height, 8), (file.Width, file.Height, file.BitDepth));
        Assert.Equal(channels == 1 ? 0 : 2, file.ColourType);
        Assert.Equal(pixels, file.Pixels);
        Assert.Equal(["IHDR", "IDAT", "IEND"], file.Chunks);
    }

    [Fact]
    public void Encode_EndOfFile_IsThePublishedEndChunk()
    {
        var file = Png.Encode([0], 1, 1, 1);

        Assert.Equal([0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82], file[^12..]);
    }

    [Fact]
    public void Encode_SamePixelsTwice_GivesTheSameBytes()
    {
        var pixels = RandomPixels(64 * 64 * 3);

        Assert.Equal(Png.Encode(pixels, 64, 64, 3), Png.Encode(new PixelImage(64, 64, 3, pixels)));
    }

    [Fact]
    public void Encode_FlatImage_IsSmall() => Assert.InRange(Png.Encode(new byte[512 * 512], 512, 512, 1).Length, 1, 2000);

    [Theory]
    [InlineData(0, 1, 1, 0)]
    [InlineData(1, -1, 1, 1)]
    [InlineData(2, 2, 1, 3)]
    [InlineData(2, 2, 2, 8)]
    [InlineData(int.MaxValue, int.MaxValue, 3, 12)]
    public void Encode_SizesThatDoNotMatch_AreRefused(int width, int height, int channels, int length) =>
        Assert.ThrowsAny<ArgumentException>(() => Png.Encode(new byte[length], width, height, channels));

    private static byte[] RandomPixels(int length)
    {
        var pixels = new byte[length];
        new Random(5).NextBytes(pixels);
        return pixels;
    }
}
