using System.Text;

namespace DiffusionMesh.Inference.Onnx;

/// <summary>
/// Finds the files that an ONNX file wants to read its weights from, wherever they are named: in the graph, in attributes
/// of its nodes, in their branches, in functions.
/// </summary>
internal static class ExternalData
{
    private const int MaxDepth = 64;
    private const ulong VarInt = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    // The messages of onnx.proto that lead to a tensor, and the fields that do.
    private static readonly Message Entry = new(), Tensor = new(), SparseTensor = new(), Attribute = new(), Node = new(), Graph = new();
    private static readonly Message Function = new(), Training = new(), Model = new();

    static ExternalData()
    {
        Tensor.Fields[13] = Entry;
        SparseTensor.Fields[1] = SparseTensor.Fields[2] = Tensor;
        Attribute.Fields[5] = Attribute.Fields[10] = Tensor;
        Attribute.Fields[6] = Attribute.Fields[11] = Graph;
        Attribute.Fields[22] = Attribute.Fields[23] = SparseTensor;
        Node.Fields[5] = Attribute;
        Graph.Fields[1] = Node;
        Graph.Fields[5] = Tensor;
        Graph.Fields[15] = SparseTensor;
        Function.Fields[7] = Node;
        Function.Fields[11] = Attribute;
        Training.Fields[1] = Training.Fields[2] = Graph;
        Model.Fields[7] = Graph;
        Model.Fields[20] = Training;
        Model.Fields[25] = Function;
    }

    /// <param name="onnx">Contents of the .onnx file.</param>
    /// <returns>The locations as they are written there.</returns>
    /// <exception cref="ModelLoadException">The contents are cut off or no ONNX.</exception>
    public static IReadOnlySet<string> LocationsIn(ReadOnlySpan<byte> onnx)
    {
        var locations = new SortedSet<string>(StringComparer.Ordinal);
        Walk(Model, onnx, locations, 0);
        return locations;
    }

    private static void Walk(Message message, ReadOnlySpan<byte> bytes, SortedSet<string> locations, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Broken("its graphs are nested too deeply");
        }

        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> value = default;
        while (!bytes.IsEmpty)
        {
            var tag = ReadVarInt(ref bytes);
            ulong length = (tag & 7) switch
            {
                VarInt => Skip(ref bytes),
                Fixed64 => 8,
                Bytes => ReadVarInt(ref bytes),
                Fixed32 => 4,
                _ => throw Broken("it is no protobuf message"),
            };

            // Of longer tags the runtime may see another field than this reader does.
            if (tag > uint.MaxValue)
            {
                throw Broken("it is no protobuf message");
            }

            if (length > (ulong)bytes.Length)
            {
                throw Broken("it is cut off");
            }

            var content = bytes[..(int)length];
            bytes = bytes[(int)length..];
            if ((tag & 7) == Bytes && message.Fields.TryGetValue(tag >> 3, out var field))
            {
                Walk(field, content, locations, depth + 1);
            }

            key = message == Entry && tag >> 3 == 1 ? content : key;
            value = message == Entry && tag >> 3 == 2 ? content : value;
        }

        if (key.SequenceEqual("location"u8))
        {
            locations.Add(Encoding.UTF8.GetString(value));
        }
    }

    private static ulong Skip(ref ReadOnlySpan<byte> bytes)
    {
        ReadVarInt(ref bytes);
        return 0;
    }

    private static ulong ReadVarInt(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }

        throw Broken("it is cut off");
    }

    private static ModelLoadException Broken(string reason) => new($"not a network that ONNX Runtime can load: {reason}");

    private sealed class Message
    {
        public Dictionary<ulong, Message> Fields { get; } = [];
    }
}
