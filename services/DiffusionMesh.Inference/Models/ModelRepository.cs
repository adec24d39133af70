using DiffusionMesh.Inference.Manifests;

namespace DiffusionMesh.Inference.Models;

/// <summary>
/// A folder of model folders. A denoiser that cannot be used is kept with the reason: the others still serve. Folders
/// without a manifest and models of other kinds may lie beside them, for other services; they are passed over.
/// </summary>
public sealed class ModelRepository : IDisposable
{
    private readonly List<ModelEntry> _entries = [];

    private ModelRepository()
    {
    }

    /// <summary>All models, in order of their names; a model may have several versions.</summary>
    public IReadOnlyCollection<ModelEntry> Entries => _entries;

    /// <param name="path">The folder; every folder directly inside it may be a model.</param>
    /// <param name="options">How to load and run the models.</param>
    /// <param name="cancellationToken">Stops before the next model.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static ModelRepository Load(string path, DiffusionModelOptions options, CancellationToken cancellationToken = default)
    {
        var repository = new ModelRepository();
        try
        {
            foreach (var folder in Directory.GetDirectories(path).Order(StringComparer.Ordinal))
            {
                cancellationToken.ThrowIfCancellationRequested();
                repository.Add(folder, options);
            }

            repository._entries.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        }
        catch
        {
            repository.Dispose();
            throw;
        }

        return repository;
    }

    /// <summary>The first entry of a name, or null.</summary>
    public ModelEntry? Find(string name) => _entries.Find(entry => entry.Name == name);

    public void Dispose()
    {
        foreach (var entry in _entries)
        {
            entry.Model?.Dispose();
        }
    }

    private void Add(string path, DiffusionModelOptions options)
    {
        var folderName = Path.GetFileName(path);
        ModelEntry entry;
        try
        {
            // An unknown kind is misspelt more often than new.
            var kind = ModelFolders.KindOf(path);
            if (kind is null || (kind != DenoiserManifest.KindName && ManifestKinds.IsKnown(kind)))
            {
                return;
            }

            var model = DiffusionModel.Load(ModelFolder.Open(path), options);
            entry = new ModelEntry(model.Manifest.Name, model, null);
        }
        catch (ModelLoadException e)
        {
            entry = new ModelEntry(folderName, null, e.Message);
        }

        if (entry.Model is { } loaded && _entries.Exists(known => known.Name == entry.Name && known.Model?.Manifest.Version == loaded.Manifest.Version))
        {
            loaded.Dispose();
            entry = new ModelEntry(folderName, null, $"another folder has version {loaded.Manifest.Version} of the model \"{entry.Name}\" already");
        }

        _entries.Add(entry);
    }
}

/// <summary>A model of a repository: loaded, or the reason why it is not.</summary>
/// <param name="Name">Name in the manifest; the folder's name if the manifest cannot be read.</param>
/// <param name="Model">Null if it could not be loaded.</param>
/// <param name="Error">Why it could not be loaded; null if it was.</param>
public sealed record ModelEntry(string Name, DiffusionModel? Model, string? Error);
