using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace DiffusionMesh.Imaging.Tests;

/// <summary>
/// A decoder written from the PNG specification, sharing nothing with the encoder: it checks the
/// chunk sequence and every CRC (bit by bit), inflates and undoes all five filters.
/// </summary>
internal sealed record PngFile(int Width, int Height, int BitDepth, int ColourType, byte[] Pixels, IReadOnlyList<string> Chunks)
{
    public static PngFile Parse(byte[] file)
    {
        Assert.Equal([137, 80, 78, 71, 13, 10, 26, 10], file[..8]);
        var chunks = new List<string>();
        var header = Array.Empty<byte>();
        using var deflated = new MemoryStream();

        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var body = file[(at + 4)..(at + 8 + length)];
            var crc = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length));
            Assert.Equal(Crc(body), crc);

            var type = Encoding.ASCII.GetString(body, 0, 4);
            chunks.Add(type);
            if (type == "IHDR")
            {
                header = body[4..];
            }
            else if (type == "IDAT")
            {
                deflated.Write(body, 4, length);
            }

            at += 12 + length;
        }

        Assert.Equal(13, header.Length);
        Assert.Equal([0, 0, 0], header[10..]);
        var width = BinaryPrimitives.ReadInt32BigEndian(header);
        var height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        var channels = header[9] switch { 0 => 1, 2 => 3, _ => throw new InvalidDataException($"colour type {header[9]}") };

        deflated.Position = 0;
        using var inflated = new MemoryStream();
        using (var zlib = new ZLibStream(deflated, CompressionMode.Decompress))
        {
            zlib.CopyTo(inflated);
        }

        return new PngFile(width, height, header[8], header[9], Unfilter(inflated.ToArray(), width, height, channels), chunks);
    }

    private static byte[] Unfilter(byte[] rows, int width, int height, int channels)
    {
        var stride = width * channels;
        Assert.Equal((stride + 1) * height, rows.Length);
        var pixels = new byte[stride * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < stride; x++)
            {
                int left = x >= channels ? pixels[(y * stride) + x - channels] : 0;
                int up = y > 0 ? pixels[((y - 1) * stride) + x] : 0;
                int corner = x >= channels && y > 0 ? pixels[((y - 1) * stride) + x - channels] : 0;
                var predicted = rows[y * (stride + 1)] switch
                {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => (left + up) / 2,
                    4 => Paeth(left, up, corner),
                    var filter => throw new InvalidDataException($"filter {filter}"),
                };
                pixels[(y * stride) + x] = (byte)(rows[(y * (stride + 1)) + 1 + x] + predicted);
            }
        }

        return pixels;
    }

    private static int Paeth(int left, int up, int corner) =>
        new[] { left, up, corner }.MinBy(value => Math.Abs(left + up - corner - value));

    private static uint Crc(byte[] data)
    {
        var crc = 0xFFFFFFFF;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
