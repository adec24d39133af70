namespace DiffusionMesh.Cli.Searching;

/// <summary>A search of a folder in a data directory of its own, so that services may write there; it goes away with this.</summary>
internal sealed class SearchCopy : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dmesh-");

    private SearchCopy()
    {
    }

    /// <summary>The data directory.</summary>
    public string Data => _data.FullName;

    public static SearchCopy Of(KeptSearch search)
    {
        var copy = new SearchCopy();
        try
        {
            var target = Path.Combine(copy.Data, "searches", search.Id);
            foreach (var file in Directory.EnumerateFiles(search.Folder!, "*", SearchOption.AllDirectories))
            {
                var path = Path.Combine(target, Path.GetRelativePath(search.Folder!, file));
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Copy(file, path);
            }

            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    public void Dispose() => _data.Delete(recursive: true);
}
