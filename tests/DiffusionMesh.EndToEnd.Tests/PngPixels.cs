using System.Buffers.Binary;
using System.IO.Compression;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>Reads PNG files of 8 bit a channel, grey, RGB or RGBA, not interlaced.</summary>
internal sealed record PngPixels(int Width, int Height, int Channels, byte[] Pixels)
{
    public static PngPixels Read(string path)
    {
        var file = File.ReadAllBytes(path);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        var (width, height, channels) = (0, 0, 0);
        using var data = new MemoryStream();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var chunk = file.AsSpan(at + 8, length);
            switch (System.Text.Encoding.ASCII.GetString(file, at + 4, 4))
            {
                case "IHDR":
                    width = BinaryPrimitives.ReadInt32BigEndian(chunk);
                    height = BinaryPrimitives.ReadInt32BigEndian(chunk[4..]);
                    Assert.Equal(8, chunk[8]);
                    channels = chunk[9] switch { 0 => 1, 2 => 3, 6 => 4, _ => throw new NotSupportedException("colour type") };
                    break;
                case "IDAT":
                    data.Write(chunk);
                    break;
            }

            at += length + 12;
        }

        data.Position = 0;
        using var inflated = new ZLibStream(data, CompressionMode.Decompress);
        return new PngPixels(width, height, channels, Unfilter(inflated, width * channels, height, channels));
    }

    private static byte[] Unfilter(Stream rows, int stride, int height, int channels)
    {
        var pixels = new byte[stride * height];
        for (var row = 0; row < height; row++)
        {
            var filter = rows.ReadByte();
            var line = pixels.AsSpan(row * stride, stride);
            rows.ReadExactly(line);
            for (var i = 0; i < stride; i++)
            {
                int left = i < channels ? 0 : line[i - channels];
                int above = row == 0 ? 0 : pixels[((row - 1) * stride) + i];
                int corner = row == 0 || i < channels ? 0 : pixels[((row - 1) * stride) + i - channels];
                line[i] += (byte)(filter switch { 0 => 0, 1 => left, 2 => above, 3 => (left + above) / 2, _ => Paeth(left, above, corner) });
            }
        }

        return pixels;
    }

    private static int Paeth(int left, int above, int corner)
    {
        var (toLeft, toAbove, toCorner) = (Math.Abs(above - corner), Math.Abs(left - corner), Math.Abs(left + above - corner - corner));
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
}
