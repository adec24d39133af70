namespace DiffusionMesh.Cli.Mesh;

/// <summary>Files that take what the hosts write, in a temporary folder that goes when all went well.</summary>
internal sealed class HostLogs : IDisposable
{
    private readonly Dictionary<string, StreamWriter> _files = new(StringComparer.Ordinal);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-");
    private bool _kept;
    private bool _closed;

    /// <summary>Keeps the files, for the user to read.</summary>
    public string Keep()
    {
        _kept = true;
        return _folder.FullName;
    }

    public void Write(string service, string line)
    {
        lock (_files)
        {
            if (_closed)
            {
                return;
            }

            if (!_files.TryGetValue(service, out var file))
            {
                file = new StreamWriter(Path.Combine(_folder.FullName, $"{service}.log")) { AutoFlush = true };
                _files.Add(service, file);
            }

            file.WriteLine(line);
        }
    }

    public void Dispose()
    {
        lock (_files)
        {
            _closed = true;
            foreach (var file in _files.Values)
            {
                file.Dispose();
            }
        }

        if (!_kept)
        {
            _folder.Delete(recursive: true);
        }
    }
}
