using DiffusionMesh.Imaging;

namespace DiffusionMesh.Verifiers.Preprocessing;

/// <summary>Brings images of any size to what a network was trained on: channels, then size, then range.</summary>
/// <param name="Width">Width that the network takes.</param>
/// <param name="Height">Height that the network takes.</param>
/// <param name="Channels">1: colour becomes grey by Rec. 601 luma. 3: grey becomes three equal channels.</param>
/// <param name="Minimum">What black (0) becomes.</param>
/// <param name="Maximum">What white (255) becomes.</param>
public sealed record ImagePreprocessing(int Width, int Height, int Channels, double Minimum, double Maximum)
{
    // ITU-R BT.601: Y' = 0.299 R' + 0.587 G' + 0.114 B'.
    private const double Red = 0.299;
    private const double Green = 0.587;
    private const double Blue = 0.114;

    /// <summary>Elements of one image.</summary>
    public int Length => Channels * Height * Width;

    /// <summary>Writes one image.</summary>
    /// <param name="image">Grey or RGB.</param>
    /// <param name="destination">[C, H, W], <see cref="Length"/> elements.</param>
    public void Fill(PixelImage image, Span<float> destination)
    {
        var values = ToChannels(image);
        var resized = BilinearResize.Resize(values, image.Width, image.Height, Channels, Width, Height);
        var pixels = Width * Height;
        var step = (Maximum - Minimum) / byte.MaxValue;
        for (var channel = 0; channel < Channels; channel++)
        {
            for (var i = 0; i < pixels; i++)
            {
                destination[(channel * pixels) + i] = (float)(Minimum + (step * resized[(i * Channels) + channel]));
            }
        }
    }

    // [H, W, C] in [0, 255].
    private float[] ToChannels(PixelImage image)
    {
        var pixels = image.Pixels.Span;
        var values = new float[image.Width * image.Height * Channels];
        switch (image.Channels, Channels)
        {
            case (3, 1):
                for (var i = 0; i < values.Length; i++)
                {
                    var rgb = pixels.Slice(3 * i, 3);
                    values[i] = (float)((Red * rgb[0]) + (Green * rgb[1]) + (Blue * rgb[2]));
                }

                break;

            case (1, 3):
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = pixels[i / 3];
                }

                break;

            default:
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = pixels[i];
                }

                break;
        }

        return values;
    }
}
