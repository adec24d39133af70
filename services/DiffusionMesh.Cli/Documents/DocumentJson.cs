using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DiffusionMesh.Cli.Documents;

/// <summary>How documents become JSON: snake_case, indented, null where a value is absent.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SearchDocument))]
[JsonSerializable(typeof(SearchReceipt))]
[JsonSerializable(typeof(MeshDocument))]
[JsonSerializable(typeof(ModelsDocument))]
[JsonSerializable(typeof(ServicesDocument))]
[JsonSerializable(typeof(ReplayDocument))]
[JsonSerializable(typeof(RescoreDocument))]
[JsonSerializable(typeof(DeletedDocument))]
[JsonSerializable(typeof(CancelledDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(TokenDocument))]
[JsonSerializable(typeof(CertificatesDocument))]
internal sealed partial class DocumentJson : JsonSerializerContext
{
    /// <summary>Prompts stay legible: only what JSON itself demands is escaped.</summary>
    public static DocumentJson Legible { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
