using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace DiffusionMesh.Functional.Tests.Fuzzing;

/// <summary>Makes messages of any type, by what its descriptor says: values at the edges, counts that vary, words that services know.</summary>
internal sealed class MessageFuzzer(Random random)
{
    private const int MaxDepth = 6;
    private const int MaxCount = 5;
    private const int MaxRepeats = 20_000;
    private const int MaxRepeatedBytes = 4 << 20;

    private static readonly string[] Words =
    [
        "", "a", "fashion-flow", "clip", "brightness", "bright", "random", "euler", "final", "..", "../../etc/passwd", "/dev/zero", "C:\\x", "a\0b", "\uFFFD\u202E",
        "0", "round_size", "http://127.0.0.1:1", "dns:///nowhere:1", "static:///", "sha256:brightness", new string('x', 5000), "%2e%2e%2f", "{\"a\":", "*",
    ];

    private static readonly long[] Integers = [0, 1, 2, 3, 4, 7, 8, 16, 28, 64, 255, 1000, -1, int.MaxValue, int.MinValue, 1L << 40, long.MaxValue, long.MinValue];

    private static readonly double[] Reals = [0, 1, -1, .5, .25, 1e-300, 1e300, 3.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon];

    /// <summary>A message with about every second field set.</summary>
    public IMessage Create(MessageDescriptor type, int depth = 0)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            if (random.Next(3) > 0 && (depth < MaxDepth || field.FieldType is not (FieldType.Message or FieldType.Group)))
            {
                Fill(message, field, depth);
            }
        }

        return message;
    }

    /// <summary>A copy of a message with a few faults: other values, fields left out, elements repeated many times.</summary>
    public IMessage Mutate(IMessage good)
    {
        var message = good.Descriptor.Parser.ParseFrom(good.ToByteString());
        for (var faults = random.Next(1, 4); faults > 0; faults--)
        {
            Spoil(message, depth: 0);
        }

        return message;
    }

    private void Spoil(IMessage message, int depth)
    {
        var fields = message.Descriptor.Fields.InDeclarationOrder();
        if (fields.Count == 0)
        {
            return;
        }

        var field = fields[random.Next(fields.Count)];
        if (Part(message, field) is { } part && random.Next(4) > 0)
        {
            Spoil(part, depth + 1);
        }
        else if (field is { IsRepeated: true, IsMap: false } && random.Next(3) == 0)
        {
            Repeat((IList)field.Accessor.GetValue(message), field, depth);
        }
        else if (random.Next(4) == 0)
        {
            field.Accessor.Clear(message);
        }
        else
        {
            Fill(message, field, depth);
        }
    }

    private IMessage? Part(IMessage message, FieldDescriptor field)
    {
        if (field.FieldType != FieldType.Message || field.IsMap)
        {
            return null;
        }

        return field.IsRepeated
            ? field.Accessor.GetValue(message) is IList { Count: > 0 } list ? (IMessage?)list[random.Next(list.Count)] : null
            : (IMessage?)field.Accessor.GetValue(message);
    }

    // Many, but not more bytes than a host reads.
    private void Repeat(IList list, FieldDescriptor field, int depth)
    {
        var element = list.Count > 0 ? list[random.Next(list.Count)]! : Value(field, depth + 1);
        var size = element is IMessage message ? message.CalculateSize() : element is string text ? text.Length : element is ByteString bytes ? bytes.Length : 8;
        for (var count = Math.Min(random.Next(MaxRepeats), MaxRepeatedBytes / (size + 1)); count > 0; count--)
        {
            list.Add(element);
        }
    }

    private void Fill(IMessage message, FieldDescriptor field, int depth)
    {
        if (field.IsMap)
        {
            var (key, value) = (field.MessageType.FindFieldByNumber(1), field.MessageType.FindFieldByNumber(2));
            var map = (IDictionary)field.Accessor.GetValue(message);
            for (var i = random.Next(MaxCount); i > 0; i--)
            {
                map[Value(key, depth + 1)] = Value(value, depth + 1);
            }
        }
        else if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            for (var i = random.Next(MaxCount); i > 0; i--)
            {
                list.Add(Value(field, depth + 1));
            }
        }
        else
        {
            field.Accessor.SetValue(message, Value(field, depth + 1));
        }
    }

    private object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Bool => random.Next(2) == 0,
        FieldType.String => Words[random.Next(Words.Length)],
        FieldType.Bytes => ByteString.CopyFrom(Bytes()),
        FieldType.Double => Reals[random.Next(Reals.Length)],
        FieldType.Float => (float)Reals[random.Next(Reals.Length)],
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => unchecked((int)Integers[random.Next(Integers.Length)]),
        FieldType.UInt32 or FieldType.Fixed32 => unchecked((uint)Integers[random.Next(Integers.Length)]),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Integers[random.Next(Integers.Length)],
        FieldType.UInt64 or FieldType.Fixed64 => unchecked((ulong)Integers[random.Next(Integers.Length)]),
        FieldType.Enum => random.Next(8) == 0 ? 1_000_000 : field.EnumType.Values[random.Next(field.EnumType.Values.Count)].Number,
        FieldType.Message or FieldType.Group => Create(field.MessageType, depth),
        _ => throw new NotSupportedException($"{field.FullName}: {field.FieldType}"),
    };

    // Lengths of images and latents of the embedded model among them.
    private byte[] Bytes()
    {
        int[] lengths = [0, 1, 3, 4, 784, 3136, 1 << 16];
        var bytes = new byte[lengths[random.Next(lengths.Length)]];
        random.NextBytes(bytes);
        return bytes;
    }
}
