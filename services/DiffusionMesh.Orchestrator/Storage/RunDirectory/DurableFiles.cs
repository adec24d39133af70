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

    /// <summary>
    /// Writes files and makes them durable, several at once: a disk does that in hardly more time than with one. A crash may
    /// leave them torn: for files whose names tell what they must hold.
    /// </summary>
    /// <exception cref="IOException">One of them cannot be written; others may be.</exception>
    public static void Write(IReadOnlyList<(string Path, byte[] Head, ReadOnlyMemory<byte> Data)> files) =>
        DiskThreads.ForEach(files, static file =>
        {
            if (File.Exists(file.Path))
            {
                // Perhaps whole, and of use to another.
                Replace(file.Path, file.Head, file.Data);
                return;
            }

            using var created = File.OpenHandle(file.Path, FileMode.CreateNew, FileAccess.Write);
            RandomAccess.Write(created, [file.Head, file.Data], fileOffset: 0);
            RandomAccess.FlushToDisk(created);
        });

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
