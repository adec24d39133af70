namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>A data directory of an orchestrator.</summary>
internal static class DataFolder
{
    /// <summary>Copies the files of its searches as a crash would leave them.</summary>
    public static void Copy(string from, string to)
    {
        var (source, target) = (Path.Combine(from, "searches"), Path.Combine(to, "searches"));
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
