namespace DiffusionMesh.Imaging;

internal static class PixelLayout
{
    public static void Check(int width, int height, int channels, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "An image has 1 (grey) or 3 (RGB) channels.");
        }

        if ((Int128)width * height * channels != length)
        {
            throw new ArgumentException($"[{height}, {width}, {channels}] takes {(Int128)width * height * channels} bytes, not {length}.");
        }
    }
}
