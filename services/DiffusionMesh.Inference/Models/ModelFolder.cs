using System.Security.Cryptography;
using System.Text;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Onnx;
using DiffusionMesh.Inference.Text;

namespace DiffusionMesh.Inference.Models;

/// <summary>
/// A model's folder, read whole and checked: the manifest, and every file that it names, against its digest; nothing outside
/// of the folder is ever read. Drop it once the networks are loaded; it holds their files' contents.
/// </summary>
public sealed class ModelFolder
{
    private const int MaxManifestBytes = 1 << 20;

    private readonly string _path;
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    private ModelFolder(string path)
    {
        var folder = new FolderFiles(path);
        _path = folder.Path;
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(ManifestReader.FileName, ReadManifest(folder), ManifestReader.FileName, null);
        Manifest = ManifestReader.Read(_files[ManifestReader.FileName]);
        foreach (var (role, component) in Manifest.Components)
        {
            if (component is null)
            {
                continue;
            }

            var network = Read(folder, component.File, $"put its weights into files of their own and name them in components.{role}.data");
            Add(component.File, network, "components." + role, component.Sha256);
            foreach (var data in component.Data ?? [])
            {
                digests[data.File] = Check(data.File, folder.Digest(data.File), $"components.{role}.data", data.Sha256);
            }
        }

        foreach (var (field, file, expected) in Manifest.OtherFiles)
        {
            Add(file, Read(folder, file, "make it smaller"), field, expected);
        }

        Digest = "sha256:" + Hash(Encoding.UTF8.GetBytes(string.Concat(digests.Select(file => $"{file.Value}  {file.Key}\n"))));

        void Add(string file, byte[] contents, string field, string? expected)
        {
            _files[file] = contents;
            digests[file] = Check(file, Hash(contents), field, expected);
        }
    }

    public ModelManifest Manifest { get; }

    /// <summary>
    /// "sha256:" and the SHA-256 of what sha256sum prints for the manifest and all files that it names, in order of their
    /// names.
    /// </summary>
    public string Digest { get; }

    /// <exception cref="ModelLoadException">The folder cannot be used; the message says which file or field is wrong.</exception>
    public static ModelFolder Open(string path) => new(path);

    /// <summary>The manifest as one of the kind that the caller serves.</summary>
    /// <exception cref="ModelLoadException">The model is of another kind.</exception>
    public T Require<T>()
        where T : ModelManifest =>
        Manifest as T ?? throw new ModelLoadException($"{ManifestReader.FileName}: kind \"{Manifest.Kind}\" cannot be served here");

    /// <summary>Loads the network of a role, for example "denoiser".</summary>
    /// <exception cref="ModelLoadException">There is none, or ONNX Runtime cannot load it.</exception>
    public OnnxModel LoadNetwork(string role, OnnxOptions options)
    {
        var component = Manifest.Components.GetValueOrDefault(role)
            ?? throw new ModelLoadException($"{ManifestReader.FileName}: components.{role} is required");
        try
        {
            return OnnxModel.Load(_files[component.File], options, component.Data is null ? null : _path, [.. component.Data?.Select(data => data.File) ?? []]);
        }
        catch (ModelLoadException e)
        {
            throw new ModelLoadException($"{component.File} is {e.Message}", e);
        }
    }

    /// <param name="file">A file that the manifest names.</param>
    /// <exception cref="ModelLoadException">The file is not a tokenizer.</exception>
    public WordTokenizer LoadTokenizer(string file)
    {
        try
        {
            return WordTokenizer.Load(_files[file]);
        }
        catch (ModelLoadException e)
        {
            throw new ModelLoadException($"{file}: {e.Message}", e);
        }
    }

    /// <param name="file">A file that the manifest names.</param>
    public ReadOnlyMemory<byte> Contents(string file) => _files[file];

    /// <summary>Contents of a folder's manifest.</summary>
    /// <exception cref="ModelLoadException">It cannot be read.</exception>
    internal static byte[] ReadManifest(string path) => ReadManifest(new FolderFiles(path));

    private static byte[] ReadManifest(FolderFiles folder) => folder.Read(ManifestReader.FileName, MaxManifestBytes, "it should describe the model, no more");

    private static byte[] Read(FolderFiles folder, string file, string remedy) => folder.Read(file, Array.MaxLength, remedy);

    private static string Check(string file, string digest, string field, string? expected) => expected is null || digest == expected
        ? digest
        : throw new ModelLoadException($"{file} has SHA-256 {digest}, but {field}.sha256 in {ManifestReader.FileName} is {expected}");

    private static string Hash(byte[] contents) => Convert.ToHexStringLower(SHA256.HashData(contents));
}
