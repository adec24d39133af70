namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>Keeps other orchestrators out of a data directory, until it is disposed of or the process ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _lock;

    private DirectoryLock(FileStream held) => _lock = held;

    /// <exception cref="StorageException">Another orchestrator uses the directory.</exception>
    public static DirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, "lock");
        var owner = Path.Combine(directory, "owner");
        try
        {
            var held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(owner, $"process {Environment.ProcessId} on {Environment.MachineName}\n");
            return new DirectoryLock(held);
        }
        catch (IOException e) when (File.Exists(path))
        {
            var who = File.Exists(owner) ? File.ReadAllText(owner).Trim() : "another process";
            throw new StorageException(
                $"{directory} is in use by another orchestrator ({who}). Stop it, or choose another directory with Orchestrator:DataDirectory",
                e);
        }
    }

    public void Dispose() => _lock.Dispose();
}
