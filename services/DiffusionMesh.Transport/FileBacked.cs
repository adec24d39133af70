using System.Security.Cryptography;

namespace DiffusionMesh.Transport;

/// <summary>A value made of files, made anew once they have changed.</summary>
/// <remarks>
/// The files are looked at when the value is asked for, at most once a second, and compared by what they hold: neither
/// a watcher that misses the symbolic links of Kubernetes' volumes nor clocks are trusted. Files that cannot be used,
/// such as a certificate whose key is not written yet, leave the last value in place.
/// </remarks>
/// <typeparam name="T">Safe to share between threads.</typeparam>
public sealed class FileBacked<T>
    where T : class
{
    // Certificates, keys and tokens are a few KiB.
    private const int MaxBytes = 1 << 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly IReadOnlyList<string> _paths;
    private readonly Func<IReadOnlyList<byte[]>, T> _make;
    private readonly Action<string>? _onProblem;
    private readonly TimeProvider _time;
    private T _value;
    private byte[] _digest;
    private byte[]? _refused;
    private long _looked;

    /// <param name="paths">The files.</param>
    /// <param name="make">Makes the value of what they hold, in their order.</param>
    /// <param name="onProblem">Is told, once for each state of the files, why the last value stays.</param>
    /// <param name="time">Clock of the pauses; null for the system's.</param>
    /// <exception cref="IOException">A file cannot be read or used; the message names it.</exception>
    public FileBacked(IReadOnlyList<string> paths, Func<IReadOnlyList<byte[]>, T> make, Action<string>? onProblem = null, TimeProvider? time = null)
    {
        (_paths, _make, _onProblem, _time) = (paths, make, onProblem, time ?? TimeProvider.System);
        _looked = _time.GetTimestamp();
        var contents = Read();
        (_value, _digest) = (Make(contents), Digest(contents));
    }

    /// <summary>The value of the files as they were at most a second ago.</summary>
    public T Current
    {
        get
        {
            lock (_gate)
            {
                if (_time.GetElapsedTime(_looked) >= Pause)
                {
                    _looked = _time.GetTimestamp();
                    Refresh();
                }

                return _value;
            }
        }
    }

    private void Refresh()
    {
        byte[] digest = [];
        try
        {
            var contents = Read();
            digest = Digest(contents);
            if (!digest.AsSpan().SequenceEqual(_digest))
            {
                (_value, _digest) = (Make(contents), digest);
            }

            _refused = null;
        }
        catch (IOException error)
        {
            if (_refused is null || !digest.AsSpan().SequenceEqual(_refused))
            {
                _refused = digest;
                _onProblem?.Invoke(error.Message);
            }
        }
    }

    private byte[][] Read()
    {
        try
        {
            return [.. _paths.Select(ReadOne)];
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    private static byte[] ReadOne(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > MaxBytes)
        {
            throw new IOException($"{path} is larger than {MaxBytes >> 20} MiB");
        }

        var contents = new byte[file.Length];
        file.ReadExactly(contents);
        return contents;
    }

    private T Make(byte[][] contents)
    {
        try
        {
            return _make(contents);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or FormatException)
        {
            throw new IOException($"{string.Join(" and ", _paths)}: {error.Message}", error);
        }
    }

    private static byte[] Digest(byte[][] contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var content in contents)
        {
            hash.AppendData(BitConverter.GetBytes(content.Length));
            hash.AppendData(content);
        }

        return hash.GetHashAndReset();
    }
}
