using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Verifiers.Clip;

/// <summary>Finds the model that a CLIP verifier serves.</summary>
public static class ClipModel
{
    /// <summary>Opens a model's folder, or the one model of kind "clip" among the folders inside.</summary>
    /// <exception cref="ModelLoadException">There is none, there are several, or it cannot be used.</exception>
    public static ModelFolder Open(string path)
    {
        if (File.Exists(Path.Combine(path, ManifestReader.FileName)))
        {
            return ModelFolder.Open(path);
        }

        if (!Directory.Exists(path))
        {
            throw new ModelLoadException($"there is no folder {path}");
        }

        var found = new List<ModelFolder>();
        var problems = new List<string>();
        foreach (var folder in Directory.GetDirectories(path).Order(StringComparer.Ordinal))
        {
            try
            {
                found.Add(ModelFolder.Open(folder));
            }
            catch (ModelLoadException e)
            {
                problems.Add($"{Path.GetFileName(folder)}: {e.Message}");
            }
        }

        ModelFolder[] models = [.. found.Where(model => model.Manifest is ClipManifest)];
        return models switch
        {
            [var model] => model,
            [] => throw new ModelLoadException($"{path} holds no usable model of kind \"clip\"" + string.Concat(problems.Select(problem => "; " + problem))),
            _ => throw new ModelLoadException($"{path} holds several models of kind \"clip\"; name the folder of one: {string.Join(", ", models.Select(model => model.Manifest.Name))}"),
        };
    }
}
