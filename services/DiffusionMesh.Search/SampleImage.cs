using System.Security.Cryptography;

namespace DiffusionMesh.Search;

/// <summary>A finished sample: 8-bit pixels, [H, W, C], row-major.</summary>
public sealed class SampleImage
{
    public SampleImage(ReadOnlyMemory<byte> pixels, int height, int width, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, (long)height * width * channels, nameof(pixels));
        (Pixels, Height, Width, Channels) = (pixels, height, width, channels);
        Digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(pixels.Span));
    }

    public ReadOnlyMemory<byte> Pixels { get; }

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    /// <summary>SHA-256 over the pixels: "sha256:" and 64 hexadecimal digits.</summary>
    public string Digest { get; }
}
