using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace DiffusionMesh.Inference.Tests;

/// <summary>A repository in a temporary folder, to be spoilt.</summary>
internal sealed class ModelFolderCopy : IDisposable
{
    public static string Originals { get; } = Path.Combine(AppContext.BaseDirectory, "models");

    public string Repository { get; } = Directory.CreateTempSubdirectory("models-").FullName;

    /// <summary>Copies an embedded model.</summary>
    /// <returns>The copy's folder.</returns>
    public string Add(string model, string? folderName = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository, folderName ?? model)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Originals, model)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }

    public static void EditManifest(string folder, Action<JsonObject> edit)
    {
        var path = Path.Combine(folder, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        edit(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
    }

    /// <summary>Replaces a component, its digest in the manifest included.</summary>
    public static void ReplaceComponent(string folder, string role, byte[] contents) => EditManifest(folder, manifest =>
    {
        var component = manifest["components"]![role]!;
        component["sha256"] = Convert.ToHexStringLower(SHA256.HashData(contents));
        File.WriteAllBytes(Path.Combine(folder, component["file"]!.GetValue<string>()), contents);
    });

    public static byte[] Manifest(string model, Action<JsonObject> edit)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Originals, model, "manifest.json")))!.AsObject();
        edit(manifest);
        return Encoding.UTF8.GetBytes(manifest.ToJsonString());
    }

    /// <param name="root">A manifest.</param>
    /// <param name="path">Path to a field.</param>
    /// <param name="json">What to put there; empty to remove the field.</param>
    public static void Put(JsonObject root, string path, string json)
    {
        var names = path.Split('.');
        var parent = names[..^1].Aggregate(root, (node, name) => node[name]!.AsObject());
        if (json.Length == 0)
        {
            parent.Remove(names[^1]);
        }
        else
        {
            parent[names[^1]] = JsonNode.Parse(json);
        }
    }

    public void Dispose() => Directory.Delete(Repository, recursive: true);
}
