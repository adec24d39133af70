using System.Security.Cryptography;
using System.Text;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Onnx;
using DiffusionMesh.Inference.Text;

namespace DiffusionMesh.Inference.Models;

/// <summary>
/// A model's folder, read whole and checked: the manifest, and every file that it names, against its digest. Drop it
/// once the networks are loaded; it holds their files' contents.
/// </summary>
public sealed class ModelFolder
{
    private readonly Dictionary<string, byte[]> _files;

    private ModelFolder(ModelManifest manifest, Dictionary<string, byte[]> files)
    {
        Manifest = manifest;
        _files = files;
        Digest = DigestOf(files);
    }

    public ModelManifest Manifest { get; }

    /// <summary>
    /// "sha256:" and the SHA-256 of what sha256sum prints for the manifest and all files that it names, in order of their
    /// names.
    /// </summary>
    public string Digest { get; }

    /// <exception cref="ModelLoadException">The folder cannot be used; the message says which file or field is wrong.</exception>
    public static ModelFolder Open(string path)
    {
        var json = Read(path, ManifestReader.FileName);
        var manifest = ManifestReader.Read(json);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [ManifestReader.FileName] = json };
        foreach (var (role, component) in manifest.Components)
        {
            if (component is null)
            {
                continue;
            }

            files[component.File] = ReadChecked(path, component.File, "components." + role, component.Sha256);
        }

        foreach (var (field, file, expected) in manifest.OtherFiles)
        {
            files[file] = expected is null ? Read(path, file) : ReadChecked(path, file, field, expected);
        }

        return new ModelFolder(manifest, files);
    }

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
            return OnnxModel.Load(_files[component.File], options);
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

    internal static byte[] Read(string path, string file)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(path, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(e is FileNotFoundException ? $"{file} is missing" : $"{file} cannot be read: {e.Message}", e);
        }
    }

    private static byte[] ReadChecked(string path, string file, string field, string expected)
    {
        var contents = Read(path, file);
        var digest = Convert.ToHexStringLower(SHA256.HashData(contents));
        return digest == expected
            ? contents
            : throw new ModelLoadException($"{file} has SHA-256 {digest}, but {field}.sha256 in {ManifestReader.FileName} is {expected}");
    }

    private static string DigestOf(Dictionary<string, byte[]> files)
    {
        var sums = new StringBuilder();
        foreach (var (file, contents) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            sums.Append(Convert.ToHexStringLower(SHA256.HashData(contents))).Append("  ").Append(file).Append('\n');
        }

        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sums.ToString())));
    }
}
