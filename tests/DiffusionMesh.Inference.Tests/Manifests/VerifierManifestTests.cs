using System.Text;
using System.Text.Json.Nodes;
using DiffusionMesh.Inference.Manifests;

namespace DiffusionMesh.Inference.Tests.Manifests;

/// <summary>Manifests of what verifiers serve.</summary>
public sealed class VerifierManifestTests
{
    private const string Sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Preprocessing = """ "preprocessing": { "width": 32, "height": 32, "channels": 1, "range": [-1, 1], "resize": "bilinear" } """;

    private static readonly Dictionary<string, string> Good = new()
    {
        ["dino"] = $$"""
            {
              "schema": 1, "name": "some-dino", "version": "1.0.0", "kind": "dino", "description": "", "license": "MIT", {{Preprocessing}},
              "classes": ["a", "b"], "components": { "encoder": { "file": "encoder.onnx", "sha256": "{{Sha256}}" } },
              "score": { "range": [-50, 50], "real_mean": 7.5, "real_standard_deviation": 2 },
              "self_supervised": { "noise_level": 0.3, "real_mean": 0.8, "real_standard_deviation": 0.1 }
            }
            """,
        ["aesthetic"] = $$"""
            {
              "schema": 1, "name": "some-head", "version": "1.0.0", "kind": "aesthetic", "description": "", "license": "MIT",
              "components": { "head": { "file": "head.onnx", "sha256": "{{Sha256}}" } },
              "base": { "model": "some-clip", "digest": "{{Sha256}}" }, "score": { "range": [-10, 20] }
            }
            """,
        ["classifier"] = $$"""
            {
              "schema": 1, "name": "some-features", "version": "1.0.0", "kind": "classifier", "description": "", "license": "MIT", {{Preprocessing}},
              "classes": ["a", "b"], "components": { "features": { "file": "features.onnx", "sha256": "{{Sha256}}" } },
              "references": {
                "statistics": { "file": "statistics.bin", "sha256": "{{Sha256}}" },
                "features": { "file": "features.bin", "sha256": "{{Sha256}}" },
                "base": { "file": "base.bin", "sha256": "{{Sha256}}" }
              }
            }
            """,
    };

    public static TheoryData<string, string, string, string> Broken => new()
    {
        // Kind, path to a field, JSON to put there ("" removes it), what the error must say.
        { "dino", "components.encoder", "null", "components.encoder is required" },
        { "dino", "preprocessing.width", "0", "preprocessing.width" },
        { "dino", "preprocessing.resize", "\"nearest\"", "preprocessing.resize \"nearest\" is unknown" },
        { "dino", "classes", "[]", "classes must be names, each once" },
        { "dino", "classes", "[\"a\", \" \"]", "classes must be names, each once" },
        { "dino", "classes", "", "is missing 'classes'" },
        { "dino", "score.range", "[1, 1]", "score.range must be two numbers, the lower first" },
        { "dino", "score.range", "[1]", "score.range must be two numbers" },
        { "dino", "score.real_mean", "", "score.real_standard_deviation must be above 0 and given together with real_mean" },
        { "dino", "score.weight", "2.5", "has no field 'weight'" },
        { "dino", "self_supervised.noise_level", "1", "self_supervised.noise_level must lie between 0 and 1" },
        { "dino", "self_supervised.real_standard_deviation", "0", "self_supervised.real_standard_deviation must be above 0" },
        { "aesthetic", "components.head.file", "\"../head.onnx\"", "components.head.file \"../head.onnx\" must be the name of a file inside" },
        { "aesthetic", "components", "{}", "components.head is required" },
        { "aesthetic", "base", "", "is missing 'base'" },
        { "aesthetic", "base.model", "\"\"", "base.model must not be empty" },
        { "aesthetic", "base.digest", "\"sha256:0\"", "base.digest must be 64 lower-case hexadecimal digits" },
        { "aesthetic", "score.range", "null", "score.range: " },
        { "classifier", "components.features", "null", "components.features is required" },
        { "classifier", "classes", "[\"a\", \"a\"]", "classes must be names, each once" },
        { "classifier", "references.base", "", "is missing 'base'" },
        { "classifier", "references.statistics.file", "\"/statistics.bin\"", "references.statistics.file \"/statistics.bin\" must be the name" },
        { "classifier", "references.features.sha256", "\"\"", "references.features.sha256 must be 64 lower-case hexadecimal digits" },
        { "classifier", "score", "{\"range\":[1, 0]}", "score.range must be two numbers" },
    };

    [Theory]
    [InlineData("dino", typeof(DinoManifest))]
    [InlineData("aesthetic", typeof(AestheticManifest))]
    [InlineData("classifier", typeof(ClassifierManifest))]
    public void Read_EveryKind_IsAccepted(string kind, Type type)
    {
        Assert.IsType(type, ManifestReader.Read(Encoding.UTF8.GetBytes(Good[kind])));
    }

    [Theory]
    [InlineData("dino", "self_supervised")]
    [InlineData("classifier", "references")]
    public void Read_OptionalFieldLeftOut_IsAccepted(string kind, string field)
    {
        ManifestReader.Read(Changed(kind, field, ""));
    }

    [Fact]
    public void Read_ClipWithoutClasses_KnowsNone()
    {
        var manifest = ManifestReader.Read(ModelFolderCopy.Manifest("fashion-clip", root => root.Remove("classes")));

        Assert.Empty(Assert.IsType<ClipManifest>(manifest).Classes);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Read_BrokenField_NamesIt(string kind, string path, string json, string expected)
    {
        var manifest = Changed(kind, path, json);

        var error = Assert.Throws<ModelLoadException>(() => ManifestReader.Read(manifest));

        Assert.StartsWith("manifest.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static byte[] Changed(string kind, string path, string json)
    {
        var manifest = JsonNode.Parse(Good[kind])!.AsObject();
        ModelFolderCopy.Put(manifest, path, json);
        return Encoding.UTF8.GetBytes(manifest.ToJsonString());
    }
}
