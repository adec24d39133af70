using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DiffusionMesh.Inference.Manifests;

/// <summary>The kinds of model that there are.</summary>
internal static class ManifestKinds
{
    private static readonly SortedDictionary<string, Func<JsonTypeInfo>> Kinds = new(StringComparer.Ordinal)
    {
        [AestheticManifest.KindName] = () => ManifestJson.Default.AestheticManifest,
        [ClassifierManifest.KindName] = () => ManifestJson.Default.ClassifierManifest,
        [ClipManifest.KindName] = () => ManifestJson.Default.ClipManifest,
        [DenoiserManifest.KindName] = () => ManifestJson.Default.DenoiserManifest,
        [DinoManifest.KindName] = () => ManifestJson.Default.DinoManifest,
    };

    public static bool IsKnown(string kind) => Kinds.ContainsKey(kind);

    /// <exception cref="JsonException">It is no manifest of this kind.</exception>
    public static ModelManifest Deserialize(string kind, ReadOnlySpan<byte> json) => Kinds.TryGetValue(kind, out var type)
        ? (ModelManifest)JsonSerializer.Deserialize(json, type())!
        : throw new JsonException($"kind \"{kind}\" is unknown; known are: {string.Join(", ", Kinds.Keys)}");
}
