using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace DiffusionMesh.Inference.Tests;

/// <summary>A model's folder around one of the small networks, without conditions; states are [1, 8, 8].</summary>
internal static class TinyModel
{
    public static string Networks { get; } = Path.Combine(AppContext.BaseDirectory, "Networks");

    /// <param name="repository">The folder is made inside.</param>
    /// <param name="network">File name without its extension.</param>
    /// <param name="edit">Changes the manifest.</param>
    /// <returns>The model's folder.</returns>
    public static string Add(string repository, string network, Action<JsonObject>? edit = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(repository, network)).FullName;
        var manifest = JsonNode.Parse(
            """
            {
              "schema": 1, "version": "1", "kind": "denoiser", "description": "", "license": "MIT",
              "form": { "type": "linear-flow" }, "prediction": "velocity", "schedule": { "type": "uniform" },
              "latent": { "shape": [1, 8, 8], "scale": 1, "shift": 0, "spatial_multiple": 1 },
              "image": { "width": 8, "height": 8, "channels": 1, "range": [-1, 1] },
              "conditioning": { "classes": null, "class_none": null, "text": null },
              "components": {},
              "defaults": { "sampler": "euler", "steps": 2, "guidance": 1 }
            }
            """)!.AsObject();
        manifest["name"] = network;
        manifest["components"]!["denoiser"] = Component(folder, network + ".onnx");
        edit?.Invoke(manifest);
        File.WriteAllText(Path.Combine(folder, "manifest.json"), manifest.ToJsonString());
        return folder;
    }

    /// <summary>Copies a file into a model's folder and describes it as manifests do.</summary>
    public static JsonObject Component(string folder, string file)
    {
        var contents = File.ReadAllBytes(Path.Combine(Networks, file));
        File.WriteAllBytes(Path.Combine(folder, file), contents);
        return new JsonObject { ["file"] = file, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(contents)) };
    }
}
