using Google.Protobuf;

namespace DiffusionMesh.Functional.Tests.Fuzzing;

/// <summary>Spoils the bytes of a message.</summary>
internal static class WireFuzzer
{
    // Field 1 with bytes, as tags write it, and the beginning of a group, which the contracts do not know.
    private const byte NestedTag = 0x0A;
    private const byte GroupTag = 0x7B;

    public static byte[] Spoil(byte[] valid, Random random) => random.Next(7) switch
    {
        0 => valid[..random.Next(valid.Length + 1)],
        1 => Flip(valid, random),
        2 => [.. valid, .. UnknownFields(random)],
        3 => Nested(random.Next(1, 20_000), (byte)(NestedTag + (8 * random.Next(5)))),
        4 => [.. valid, .. Enumerable.Repeat(GroupTag, random.Next(1, 100_000))],
        5 => [.. valid, NestedTag, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1, 2, 3],
        _ => Noise(random),
    };

    private static byte[] Flip(byte[] valid, Random random)
    {
        var bytes = valid.ToArray();
        for (var i = random.Next(1, 8); i > 0 && bytes.Length > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static byte[] UnknownFields(Random random)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        for (var i = random.Next(1, 200); i > 0; i--)
        {
            output.WriteTag(random.Next(1000, 100_000), WireFormat.WireType.Varint);
            output.WriteUInt64((ulong)random.NextInt64());
        }

        output.Flush();
        return stream.ToArray();
    }

    // A field within itself so many times; the parser has to refuse before its stack ends.
    private static byte[] Nested(int depth, byte tag)
    {
        byte[] inner = [];
        var parts = new List<byte[]>(depth);
        var length = 0;
        for (var i = 0; i < depth; i++)
        {
            using var stream = new MemoryStream();
            using var output = new CodedOutputStream(stream);
            output.WriteRawTag(tag);
            output.WriteLength(length);
            output.Flush();
            inner = stream.ToArray();
            parts.Add(inner);
            length += inner.Length;
        }

        parts.Reverse();
        return [.. parts.SelectMany(part => part)];
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(4096)];
        random.NextBytes(bytes);
        return bytes;
    }
}
