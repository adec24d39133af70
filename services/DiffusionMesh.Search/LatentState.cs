namespace DiffusionMesh.Search;

/// <summary>A state on the way from noise to a sample.</summary>
public sealed class LatentState
{
    /// <param name="data">[C, H, W], fp32, little-endian, row-major.</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    public LatentState(ReadOnlyMemory<byte> data, int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(data.Length, (long)sizeof(float) * channels * height * width, nameof(data));
        (Data, Channels, Height, Width) = (data, channels, height, width);
    }

    public ReadOnlyMemory<byte> Data { get; }

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }
}
