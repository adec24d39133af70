using DiffusionMesh.Cli.Report;
using DiffusionMesh.Imaging;

namespace DiffusionMesh.Cli.Tests.Report;

public sealed class CandidateImageTests
{
    [Fact]
    public void Thumbnail_OfASmallImage_IsTheImage()
    {
        var image = new PixelImage(32, 32, 1, new byte[32 * 32]);

        Assert.Same(image, CandidateImage.Of(image).Thumbnail);
    }

    [Fact]
    public void Thumbnail_OfALargeImage_AveragesBlocksByChannel()
    {
        var pixels = new byte[512 * 256 * 3];
        for (var place = 0; place < pixels.Length; place++)
        {
            var (channel, x) = (place % 3, place / 3 % 512);
            pixels[place] = channel == 0 ? (byte)(x % 4 == 0 ? 200 : 100) : (byte)(channel * 10);
        }

        var thumbnail = CandidateImage.Of(new PixelImage(512, 256, 3, pixels)).Thumbnail;

        Assert.Equal((128, 64, 3), (thumbnail.Width, thumbnail.Height, thumbnail.Channels));
        Assert.Equal([125, 10, 20], thumbnail.Pixels[..3].ToArray());
        Assert.Equal([125, 10, 20], thumbnail.Pixels[^3..].ToArray());
    }
}
