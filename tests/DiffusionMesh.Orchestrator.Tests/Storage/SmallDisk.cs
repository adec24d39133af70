using System.Diagnostics;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>A disk of 1 MiB in memory, of which half is taken at first.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private SmallDisk(DirectoryInfo folder) => _folder = folder;

    public string Data => Path.Combine(_folder.FullName, "data");

    private string Ballast => Path.Combine(_folder.FullName, "ballast");

    public static Task<SmallDisk> MountAsync() => MountAsync(Directory.CreateTempSubdirectory("dmesh-disk-"));

    /// <param name="folder">Empty; it is deleted with the disk.</param>
    public static async Task<SmallDisk> MountAsync(DirectoryInfo folder)
    {
        var disk = new SmallDisk(folder);
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", disk._folder.FullName);
        await File.WriteAllBytesAsync(disk.Ballast, new byte[512 << 10]);
        return disk;
    }

    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        // A process that another test is just starting may still hold a file open.
        await RunAsync("umount", "--lazy", _folder.FullName);
        _folder.Delete();
    }

    // In continuous integration the user is not root, but may be.
    private static async Task RunAsync(string tool, params string[] arguments)
    {
        using var process = Environment.IsPrivilegedProcess ? Process.Start(tool, arguments) : Process.Start("sudo", ["-n", tool, .. arguments]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
