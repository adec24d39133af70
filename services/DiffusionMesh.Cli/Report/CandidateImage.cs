using DiffusionMesh.Imaging;

namespace DiffusionMesh.Cli.Report;

/// <summary>A picture of a candidate as the grids show it, and the same as a PNG file.</summary>
internal sealed record CandidateImage(PixelImage Thumbnail, ReadOnlyMemory<byte> Png)
{
    /// <summary>Pictures with a longer side are shown smaller.</summary>
    private const int LongestSide = 128;

    public static CandidateImage Of(PixelImage image)
    {
        var thumbnail = Shrink(image);
        return new CandidateImage(thumbnail, Imaging.Png.Encode(thumbnail));
    }

    /// <summary>Averages whole blocks of pixels, as many as it takes.</summary>
    private static PixelImage Shrink(PixelImage image)
    {
        var block = (Math.Max(image.Width, image.Height) + LongestSide - 1) / LongestSide;
        if (block == 1)
        {
            return image;
        }

        var (width, height, channels) = (Math.Max(image.Width / block, 1), Math.Max(image.Height / block, 1), image.Channels);
        var (rows, columns) = (Math.Min(block, image.Height), Math.Min(block, image.Width));
        var from = image.Pixels.Span;
        var to = new byte[width * height * channels];
        for (var index = 0; index < to.Length; index++)
        {
            var (channel, x, y) = (index % channels, index / channels % width, index / channels / width);
            var sum = 0;
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    sum += from[(((((y * block) + row) * image.Width) + (x * block) + column) * channels) + channel];
                }
            }

            to[index] = (byte)((sum + (rows * columns / 2)) / (rows * columns));
        }

        return new PixelImage(width, height, channels, to);
    }
}
