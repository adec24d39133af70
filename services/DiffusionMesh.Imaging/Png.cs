using System.Buffers.Binary;
using System.IO.Compression;

namespace DiffusionMesh.Imaging;

/// <summary>Writes PNG files (ISO/IEC 15948): 8 bit, grey or RGB, not interlaced, without metadata.</summary>
public static class Png
{
    private const byte FilterSub = 1;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <inheritdoc cref="Encode(ReadOnlySpan{byte}, int, int, int)"/>
    public static byte[] Encode(PixelImage image) =>
        Encode(image.Pixels.Span, image.Width, image.Height, image.Channels);

    /// <summary>Encodes pixels. The same pixels give the same bytes under one .NET runtime.</summary>
    /// <param name="pixels">[H, W, C], row-major.</param>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="channels">1 (grey) or 3 (RGB).</param>
    /// <exception cref="ArgumentException">The sizes do not match the pixels.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        PixelLayout.Check(width, height, channels, pixels.Length);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = channels == 1 ? (byte)0 : (byte)2;
        header[10..].Clear();

        using var file = new MemoryStream();
        file.Write(Signature);
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Deflate(Filter(pixels, width * channels, channels)));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    // Every row becomes its filter type and the differences to the pixel on the left.
    private static byte[] Filter(ReadOnlySpan<byte> pixels, int stride, int channels)
    {
        var rows = pixels.Length / stride;
        var filtered = new byte[pixels.Length + rows];
        for (var row = 0; row < rows; row++)
        {
            var from = pixels.Slice(row * stride, stride);
            var to = filtered.AsSpan(row * (stride + 1), stride + 1);
            to[0] = FilterSub;
            from[..channels].CopyTo(to[1..]);
            for (var i = channels; i < stride; i++)
            {
                to[i + 1] = (byte)(from[i] - from[i - channels]);
            }
        }

        return filtered;
    }

    private static byte[] Deflate(byte[] data)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(data);
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);

        var start = (int)file.Position;
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(file.GetBuffer().AsSpan(start, (int)file.Position - start)));
        file.Write(number);
    }
}
