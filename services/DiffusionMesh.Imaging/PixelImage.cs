namespace DiffusionMesh.Imaging;

/// <summary>An 8 bit image: [H, W, C], row-major, C is 1 (grey) or 3 (RGB).</summary>
public sealed class PixelImage
{
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="channels">1 (grey) or 3 (RGB).</param>
    /// <param name="pixels">[H, W, C]; kept, not copied.</param>
    /// <exception cref="ArgumentException">The sizes do not match the pixels.</exception>
    public PixelImage(int width, int height, int channels, ReadOnlyMemory<byte> pixels)
    {
        PixelLayout.Check(width, height, channels, pixels.Length);
        Width = width;
        Height = height;
        Channels = channels;
        Pixels = pixels;
    }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }

    /// <summary>[H, W, C].</summary>
    public ReadOnlyMemory<byte> Pixels { get; }
}
