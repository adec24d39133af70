using DiffusionMesh.Inference.Manifests;

namespace DiffusionMesh.Inference.Models;

/// <summary>Finds models among folders.</summary>
public static class ModelFolders
{
    /// <summary>
    /// Opens a model's folder, or the one model of a kind among the folders inside. Folders without a manifest and models of
    /// other kinds are passed over unread; one that is broken matters only if there is no other.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="kind">For example <see cref="ClipManifest.KindName"/>.</param>
    /// <exception cref="ModelLoadException">There is none, there are several, or it cannot be used.</exception>
    public static ModelFolder OpenOne(string path, string kind)
    {
        if (File.Exists(Path.Combine(path, ManifestReader.FileName)))
        {
            return KindOf(path) is { } found && found == kind
                ? ModelFolder.Open(path)
                : throw new ModelLoadException(
                    $"{path} holds a model of kind \"{KindOf(path)}\", but one of kind \"{kind}\" is needed; name its folder or one that holds both");
        }

        if (!Directory.Exists(path))
        {
            throw new ModelLoadException($"there is no folder {path}");
        }

        var (models, problems) = OpenAll(path, kind);
        return models switch
        {
            [var model] => model,
            [] => throw new ModelLoadException($"{path} holds no usable model of kind \"{kind}\"" + string.Concat(problems.Select(problem => "; " + problem))),
            _ => throw new ModelLoadException($"{path} holds several models of kind \"{kind}\"; name the folder of one: {string.Join(", ", models.Select(model => model.Manifest.Name))}"),
        };
    }

    /// <summary>The kind of model that a folder holds; null if it has no manifest.</summary>
    /// <exception cref="ModelLoadException">The manifest does not say.</exception>
    internal static string? KindOf(string folder) => File.Exists(Path.Combine(folder, ManifestReader.FileName))
        ? ManifestReader.Kind(ModelFolder.ReadManifest(folder))
        : null;

    private static (List<ModelFolder> Models, List<string> Problems) OpenAll(string path, string kind)
    {
        var models = new List<ModelFolder>();
        var problems = new List<string>();
        foreach (var folder in Directory.GetDirectories(path).Order(StringComparer.Ordinal))
        {
            try
            {
                if (KindOf(folder) == kind)
                {
                    models.Add(ModelFolder.Open(folder));
                }
            }
            catch (ModelLoadException e)
            {
                problems.Add($"{Path.GetFileName(folder)}: {e.Message}");
            }
        }

        return (models, problems);
    }
}
