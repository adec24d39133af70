using Google.Protobuf;

namespace DiffusionMesh.Feed.Tests.Inference;

/// <summary>The smallest useful ONNX file, <c>y = x + x</c> over float[2], written field by field (onnx.proto3 has the numbers).</summary>
internal static class SmallModel
{
    private const int Float = 1;

    public static byte[] Doubling()
    {
        var node = Message(Text(1, "x"), Text(1, "x"), Text(2, "y"), Text(4, "Add"));
        var graph = Message(Nested(1, node), Text(2, "doubling"), Nested(11, Value("x")), Nested(12, Value("y")));
        var opset = Message(Text(1, ""), Number(2, 13));
        return Message(Number(1, 8), Nested(7, graph), Nested(8, opset));
    }

    private static byte[] Value(string name)
    {
        var shape = Message(Nested(1, Message(Number(1, 2))));
        var tensor = Message(Number(1, Float), Nested(2, shape));
        return Message(Text(1, name), Nested(2, Message(Nested(1, tensor))));
    }

    private static Action<CodedOutputStream> Number(int field, long value) => output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    };

    private static Action<CodedOutputStream> Text(int field, string value) => output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    };

    private static Action<CodedOutputStream> Nested(int field, byte[] message) => output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(message));
    };

    private static byte[] Message(params Action<CodedOutputStream>[] fields)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            Array.ForEach(fields, write => write(output));
        }

        return stream.ToArray();
    }
}
