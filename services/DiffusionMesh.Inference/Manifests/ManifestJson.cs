using System.Text.Json.Serialization;

namespace DiffusionMesh.Inference.Manifests;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AestheticManifest))]
[JsonSerializable(typeof(ClassifierManifest))]
[JsonSerializable(typeof(ClipManifest))]
[JsonSerializable(typeof(DenoiserManifest))]
[JsonSerializable(typeof(DinoManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
