namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>A temporary folder.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("dmesh-e2e-").FullName;

    public string this[params string[] names] => System.IO.Path.Combine([Path, .. names]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
