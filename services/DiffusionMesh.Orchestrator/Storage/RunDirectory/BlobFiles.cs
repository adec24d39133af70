using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>The images and latents of a search, each in a file named by its digest that common programs read.</summary>
internal sealed class BlobFiles(string folder)
{
    private const string DigestKind = "sha256:";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly HashSet<string> _written = [];

    public string ImageFolder { get; } = Path.Combine(folder, "images");

    public string LatentFolder { get; } = Path.Combine(folder, "latents");

    /// <summary>Makes images and latents durable. Not safe for concurrent use.</summary>
    public void Write(IEnumerable<SampleImage> images, IEnumerable<LatentState> latents)
    {
        var changed = new HashSet<string>();
        var missing = new Dictionary<string, (byte[] Head, ReadOnlyMemory<byte> Data)>(StringComparer.Ordinal);
        foreach (var image in images)
        {
            Add(ImageFolder, ImageName(JournalMapping.ToMessage(image))!, ImageHead(image.Height, image.Width, image.Channels), image.Pixels);
        }

        foreach (var latent in latents)
        {
            Add(LatentFolder, LatentName(JournalMapping.ToMessage(latent))!, LatentHead(latent.Channels, latent.Height, latent.Width), latent.Data);
        }

        DurableFiles.Write([.. missing.Select(file => (file.Key, file.Value.Head, file.Value.Data))]);
        foreach (var path in changed)
        {
            DurableFiles.FlushFolder(path);
        }

        _written.UnionWith(missing.Keys);

        void Add(string into, string name, byte[] head, ReadOnlyMemory<byte> data)
        {
            var path = Path.Combine(into, name);
            if (_written.Contains(path) || !missing.TryAdd(path, (head, data)))
            {
                return;
            }

            if (!Directory.Exists(into))
            {
                Directory.CreateDirectory(into);
                changed.Add(folder);
            }

            changed.Add(into);
        }
    }

    /// <summary>Deletes all of them.</summary>
    public void Delete()
    {
        foreach (var kept in (string[])[ImageFolder, LatentFolder])
        {
            if (Directory.Exists(kept))
            {
                Directory.Delete(kept, recursive: true);
            }
        }
    }

    /// <returns>Null if it is missing or altered.</returns>
    /// <exception cref="StorageException">It cannot be read for now.</exception>
    public SampleImage? Find(StoredImage stored) =>
        ImageName(stored) is { } name
        && Read(Path.Combine(ImageFolder, name), ImageHead(stored.Height, stored.Width, stored.Channels), stored.Digest) is { } pixels
            ? new SampleImage(pixels, stored.Height, stored.Width, stored.Channels)
            : null;

    /// <returns>Null if it is missing or altered.</returns>
    /// <exception cref="StorageException">It cannot be read for now.</exception>
    public LatentState? Find(StoredLatent stored) =>
        LatentName(stored) is { } name
        && Read(Path.Combine(LatentFolder, name), LatentHead(stored.Channels, stored.Height, stored.Width), stored.Digest) is { } values
            ? new LatentState(values, stored.Channels, stored.Height, stored.Width)
            : null;

    private static ReadOnlyMemory<byte>? Read(string path, byte[] head, string digest)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{path} cannot be read: {e.Message}", e);
        }

        return bytes.AsSpan().StartsWith(head) && DigestKind + Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(head.Length))) == digest
            ? bytes.AsMemory(head.Length)
            : (ReadOnlyMemory<byte>?)null;
    }

    private static string? ImageName(StoredImage image) => Hex(image.Digest) is not { } hex ? null : hex + image.Channels switch
    {
        1 => ".pgm",
        3 => ".ppm",
        _ => ".pam",
    };

    private static string? LatentName(StoredLatent latent) => Hex(latent.Digest) is { } hex ? hex + ".npy" : null;

    private static string? Hex(string digest) =>
        digest.StartsWith(DigestKind, StringComparison.Ordinal)
        && digest.Length == DigestKind.Length + (2 * SHA256.HashSizeInBytes)
        && digest.AsSpan(DigestKind.Length).IndexOfAnyExcept(HexDigits) < 0
            ? digest[DigestKind.Length..]
            : null;

    // Netpbm: grey, RGB, or any number of channels.
    private static byte[] ImageHead(int height, int width, int channels) => Encoding.ASCII.GetBytes(channels switch
    {
        1 => Invariant($"P5\n{width} {height}\n255\n"),
        3 => Invariant($"P6\n{width} {height}\n255\n"),
        _ => Invariant($"P7\nWIDTH {width}\nHEIGHT {height}\nDEPTH {channels}\nMAXVAL 255\nENDHDR\n"),
    });

    // NPY 1.0: magic, version, length of the description, which is padded so that the values begin at a multiple of 64.
    private static byte[] LatentHead(int channels, int height, int width)
    {
        const int beforeDescription = 10;
        const int alignment = 64;
        var description = Invariant($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({channels}, {height}, {width}), }}");
        var size = (beforeDescription + description.Length + 1 + alignment - 1) / alignment * alignment;
        var head = new byte[size];
        head[0] = 0x93;
        "NUMPY\u0001\0"u8.CopyTo(head.AsSpan(1));
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), (ushort)(size - beforeDescription));
        head.AsSpan(beforeDescription).Fill((byte)' ');
        Encoding.ASCII.GetBytes(description, head.AsSpan(beforeDescription));
        head[^1] = (byte)'\n';
        return head;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
