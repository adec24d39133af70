using System.Runtime.InteropServices;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>Files that are whole on the disk, or not there at all.</summary>
internal static partial class DurableFiles
{
    // More bring nothing: a disk's queue is full.
    private const int AtOnce = 8;

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

    /// <summary>Does so with several files at once: a disk makes many durable in hardly more time than one.</summary>
    /// <exception cref="IOException">One of them cannot be written; others may be.</exception>
    public static void Replace(IReadOnlyList<(string Path, byte[] Head, ReadOnlyMemory<byte> Data)> files)
    {
        var next = -1;
        var others = new Task[Math.Clamp(files.Count - 1, 0, AtOnce - 1)];
        for (var i = 0; i < others.Length; i++)
        {
            // On threads of their own: they wait for the disk.
            others[i] = Task.Factory.StartNew(ReplaceNext, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        try
        {
            ReplaceNext();
        }
        finally
        {
            Task.WhenAll(others).GetAwaiter().GetResult();
        }

        void ReplaceNext()
        {
            for (var i = Interlocked.Increment(ref next); i < files.Count; i = Interlocked.Increment(ref next))
            {
                Replace(files[i].Path, files[i].Head, files[i].Data);
            }
        }
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
