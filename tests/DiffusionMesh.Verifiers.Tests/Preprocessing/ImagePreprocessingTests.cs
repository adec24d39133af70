using DiffusionMesh.Imaging;
using DiffusionMesh.Verifiers.Preprocessing;

namespace DiffusionMesh.Verifiers.Tests.Preprocessing;

public sealed class ImagePreprocessingTests
{
    private static readonly ImagePreprocessing Grey = new(2, 2, 1, -1, 1);

    [Fact]
    public void Fill_GreyOfTheRightSize_OnlyChangesTheRange()
    {
        var filled = Fill(Grey, new PixelImage(2, 2, 1, new byte[] { 0, 51, 204, 255 }));

        Assert.Equal([-1f, -0.6f, 0.6f, 1f], filled);
    }

    [Theory]
    [InlineData(255, 0, 0, 0.299f)]
    [InlineData(0, 255, 0, 0.587f)]
    [InlineData(0, 0, 255, 0.114f)]
    [InlineData(255, 255, 255, 1f)]
    public void Fill_Colour_BecomesLuma(byte red, byte green, byte blue, float luma)
    {
        var filled = Fill(new ImagePreprocessing(1, 1, 1, 0, 1), new PixelImage(1, 1, 3, new[] { red, green, blue }));

        Assert.Equal(luma, Assert.Single(filled), 1e-7f);
    }

    [Fact]
    public void Fill_EveryGreyAsColour_GivesTheSameBitsAsGrey()
    {
        var shape = new ImagePreprocessing(16, 16, 1, -1, 1);
        var grey = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        var colour = grey.SelectMany(value => new[] { value, value, value }).ToArray();

        Assert.Equal(Fill(shape, new PixelImage(16, 16, 1, grey)), Fill(shape, new PixelImage(16, 16, 3, colour)));
    }

    [Fact]
    public void Fill_GreyForAColourNetwork_FillsThreePlanes()
    {
        var filled = Fill(new ImagePreprocessing(2, 1, 3, 0, 255), new PixelImage(2, 1, 1, new byte[] { 10, 20 }));

        Assert.Equal([10f, 20f, 10f, 20f, 10f, 20f], filled);
    }

    [Fact]
    public void Fill_ColourForAColourNetwork_SeparatesThePlanes()
    {
        var filled = Fill(new ImagePreprocessing(2, 1, 3, 0, 255), new PixelImage(2, 1, 3, new byte[] { 1, 2, 3, 4, 5, 6 }));

        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f], filled);
    }

    [Fact]
    public void Fill_AnotherSize_IsResized()
    {
        var filled = Fill(Grey, new PixelImage(4, 4, 1, Enumerable.Repeat((byte)255, 16).ToArray()));

        Assert.Equal([1f, 1f, 1f, 1f], filled);
    }

    private static float[] Fill(ImagePreprocessing preprocessing, PixelImage image)
    {
        var filled = new float[preprocessing.Length];
        preprocessing.Fill(image, filled);
        return filled;
    }
}
