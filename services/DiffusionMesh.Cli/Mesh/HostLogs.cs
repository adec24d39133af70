namespace DiffusionMesh.Cli.Mesh;

/// <summary>Files that take what the hosts write, in a temporary folder that goes when all went well.</summary>
internal sealed class HostLogs : IDisposable
{
    private readonly Dictionary<string, StreamWriter> files = new(StringComparer.Ordinal);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dmesh-");
    private bool kept;
    private bool closed;

    /// <summary>Keeps the files, for the user to read.</summary>
    public string Keep()
    {
        kept = true;
        return folder.FullName;
    }

    public void Write(string service, string line)
    {
        lock (files)
        {
            if (closed)
            {
                return;
            }

            if (!files.TryGetValue(service, out var file))
            {
                file = new StreamWriter(Path.Combine(folder.FullName, $"{service}.log")) { AutoFlush = true };
                files.Add(service, file);
            }

            file.WriteLine(line);
        }
    }

    public void Dispose()
    {
        lock (files)
        {
            closed = true;
            foreach (var file in files.Values)
            {
                file.Dispose();
            }
        }

        if (!kept)
        {
            folder.Delete(recursive: true);
        }
    }
}
