using System.Text.Json;
using System.Text.RegularExpressions;

namespace DiffusionMesh.Inference.Manifests;

/// <summary>Reads and checks manifest.json. Unknown fields are refused: they are misspelt more often than new.</summary>
public static partial class ManifestReader
{
    public const string FileName = "manifest.json";

    private const int Schema = 1;

    /// <exception cref="ModelLoadException">Names every field that is wrong.</exception>
    public static ModelManifest Read(ReadOnlySpan<byte> json)
    {
        ModelManifest manifest;
        try
        {
            manifest = ManifestKinds.Deserialize(KindIn(json), json);
        }
        catch (JsonException e)
        {
            throw new ModelLoadException($"{FileName}: {Describe(e)}", e);
        }

        var problems = new ManifestProblems();
        problems.Require(manifest.Schema == Schema, "schema", $"{manifest.Schema} is not supported; supported is {Schema}");
        problems.Require(NamePattern().IsMatch(manifest.Name), "name", "must be 1 to 64 lower-case letters, digits and hyphens");
        problems.Require(!string.IsNullOrWhiteSpace(manifest.Version), "version", "must not be empty");
        foreach (var (role, component) in manifest.Components)
        {
            if (component is not null)
            {
                RequirePlainName(problems, $"components.{role}.file", component.File);
                RequireDigest(problems, $"components.{role}.sha256", component.Sha256);
                for (var i = 0; i < component.Data?.Count; i++)
                {
                    RequirePlainName(problems, $"components.{role}.data[{i}].file", component.Data[i].File);
                    RequireDigest(problems, $"components.{role}.data[{i}].sha256", component.Data[i].Sha256);
                }
            }
        }

        foreach (var (field, file, digest) in manifest.OtherFiles)
        {
            RequirePlainName(problems, digest is null ? field : field + ".file", file);
            if (digest is not null)
            {
                RequireDigest(problems, field + ".sha256", digest);
            }
        }

        manifest.Validate(problems);
        return problems.Any ? throw new ModelLoadException($"{FileName}: {problems}") : manifest;
    }

    /// <summary>What kind of model a manifest describes, whatever else it says.</summary>
    /// <exception cref="ModelLoadException">It does not say.</exception>
    public static string Kind(ReadOnlySpan<byte> json)
    {
        try
        {
            return KindIn(json);
        }
        catch (JsonException e)
        {
            throw new ModelLoadException($"{FileName}: {Describe(e)}", e);
        }
    }

    internal static void RequireDigest(ManifestProblems problems, string field, string digest) =>
        problems.Require(DigestPattern().IsMatch(digest), field, "must be 64 lower-case hexadecimal digits");

    private static string KindIn(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("kind", out var property)
            && property.ValueKind == JsonValueKind.String
                ? property.GetString()!
                : throw new JsonException("kind is required");
    }

    // Only a plain name cannot lead out of the folder.
    private static void RequirePlainName(ManifestProblems problems, string field, string file) => problems.Require(
        file.Length > 0 && file is not ("." or "..") && file.AsSpan().IndexOfAny("/\\:\0") < 0,
        field,
        $"\"{file}\" must be the name of a file inside the model's folder, without any path");

    private static string Describe(JsonException e)
    {
        var field = e.Path is null or "$" ? "" : e.Path.TrimStart('$', '.') + ": ";
        var missing = MissingProperties().Match(e.Message);
        var unknown = UnknownProperty().Match(e.Message);
        return field + (missing.Success ? "is missing " + missing.Groups[1].Value
            : unknown.Success ? $"has no field {unknown.Groups[1].Value}"
            : e.Message);
    }

    [GeneratedRegex("^[a-z0-9-]{1,64}$")]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex DigestPattern();

    [GeneratedRegex("missing required properties including: (.*?)\\.?$")]
    private static partial Regex MissingProperties();

    [GeneratedRegex("The JSON property ('.*?') could not be mapped")]
    private static partial Regex UnknownProperty();
}
