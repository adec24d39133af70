namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>A copy of a search in a data directory.</summary>
internal sealed class SearchFolder : IDisposable
{
    private readonly string _searches;
    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("dmesh-copy-");

    public SearchFolder(string data, string id)
    {
        _searches = Path.Combine(data, "searches");
        Copy(Path.Combine(_searches, id), _copy.FullName);
    }

    /// <summary>Puts it among the others, under a name; the search itself must not be there any more.</summary>
    public void PutBackAs(string name)
    {
        foreach (var there in Directory.GetDirectories(_searches))
        {
            Directory.Delete(there, recursive: true);
        }

        Copy(_copy.FullName, Path.Combine(_searches, name));
    }

    public void Dispose() => _copy.Delete(recursive: true);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
