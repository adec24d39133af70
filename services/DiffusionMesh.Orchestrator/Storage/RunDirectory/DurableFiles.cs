using System.Runtime.InteropServices;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>Files that are whole on the disk, or not there at all.</summary>
internal static partial class DurableFiles
{
    /// <summary>
    /// Writes a file beside its place, makes it durable and moves it there, over what was there. Its name is durable after
    /// <see cref="FlushFolder"/>.
    /// </summary>
    public static void Replace(string path, params IReadOnlyList<ReadOnlyMemory<byte>> content)
    {
        var beside = path + ".new";
        using (var file = File.OpenHandle(beside, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, content, fileOffset: 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Makes durable which files a folder holds. Windows does so by itself.</summary>
    /// <exception cref="IOException">It cannot be done.</exception>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Open(path, flags: 0);
        if (folder < 0)
        {
            throw Failure(path);
        }

        try
        {
            if (Flush(folder) < 0)
            {
                throw Failure(path);
            }
        }
        finally
        {
            _ = Close(folder);
        }
    }

    private static IOException Failure(string path) =>
        new($"{path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
