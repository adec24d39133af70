using System.Text.Json.Serialization;

namespace DiffusionMesh.Inference.Manifests;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DenoiserManifest))]
[JsonSerializable(typeof(ClipManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
