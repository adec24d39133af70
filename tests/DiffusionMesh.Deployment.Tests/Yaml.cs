using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>Reads YAML, merge keys resolved, as JSON.</summary>
internal static class Yaml
{
    private static readonly IDeserializer Deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
    private static readonly ISerializer Serializer = new SerializerBuilder().JsonCompatible().Build();

    public static IReadOnlyList<JsonNode> Documents(string text)
    {
        var documents = new List<JsonNode>();
        var parser = new MergingParser(new Parser(new StringReader(text)));
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            documents.Add(JsonNode.Parse(Serializer.Serialize(Deserializer.Deserialize(parser)))!);
        }

        return documents;
    }

    public static IEnumerable<JsonNode> Items(this JsonNode? array) => array?.AsArray().Select(item => item!) ?? [];

    public static string Text(this JsonNode? value) => value?.ToString() ?? "";
}
