using System.Security.Cryptography;

namespace DiffusionMesh.Inference.Models;

/// <summary>Reads files of one folder and of nowhere else, whatever links may lie in it.</summary>
/// <param name="path">The folder.</param>
internal sealed class FolderFiles(string path)
{
    private const int MaxLinks = 40;

    private readonly string _root = Resolve(path) + System.IO.Path.DirectorySeparatorChar;

    /// <summary>Where the folder really is.</summary>
    public string Path => _root;

    /// <param name="file">A plain name.</param>
    /// <param name="maxBytes">Larger files are refused unread.</param>
    /// <param name="remedy">What to do about a larger one.</param>
    /// <exception cref="ModelLoadException">It is missing, too large, outside of the folder or cannot be read.</exception>
    public byte[] Read(string file, long maxBytes, string remedy) => Use(file, stream =>
    {
        if (stream.Length > maxBytes)
        {
            throw new ModelLoadException($"{file} has {stream.Length} bytes, but may have at most {maxBytes}: {remedy}");
        }

        var contents = new byte[stream.Length];
        stream.ReadExactly(contents);
        return contents;
    });

    /// <returns>SHA-256 of a file of any size.</returns>
    /// <inheritdoc cref="Read"/>
    public string Digest(string file) => Use(file, stream => Convert.ToHexStringLower(SHA256.HashData(stream)));

    private T Use<T>(string file, Func<FileStream, T> use)
    {
        try
        {
            var target = Resolve(System.IO.Path.Combine(_root, file));
            if (!target.StartsWith(_root, StringComparison.Ordinal))
            {
                throw new ModelLoadException($"{file} is a link that leads out of the model's folder: put the file itself there");
            }

            // Pipes and devices have no length either, and opening one may wait for ever.
            if (new FileInfo(target) is { Exists: true, Length: 0 })
            {
                throw new ModelLoadException($"{file} is empty, or no plain file");
            }

            using var stream = File.OpenRead(target);
            return use(stream);
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not ModelLoadException)
        {
            throw new ModelLoadException(e is FileNotFoundException or DirectoryNotFoundException ? $"{file} is missing" : $"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The path without any links in it.</summary>
    private static string Resolve(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        for (var links = 0; links <= MaxLinks; links++)
        {
            if (FirstLink(path) is not var (link, target))
            {
                return path.TrimEnd(System.IO.Path.DirectorySeparatorChar);
            }

            path = System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(link)!, target) + path[link.Length..]);
        }

        throw new ModelLoadException($"{path} leads through more than {MaxLinks} links");
    }

    private static (string Link, string Target)? FirstLink(string path)
    {
        for (var end = path.IndexOf(System.IO.Path.DirectorySeparatorChar, 1); ; end = path.IndexOf(System.IO.Path.DirectorySeparatorChar, end + 1))
        {
            var prefix = end < 0 ? path : path[..end];
            if (new FileInfo(prefix).LinkTarget is { } target)
            {
                return (prefix, target);
            }

            if (end < 0)
            {
                return null;
            }
        }
    }
}
