using System.Runtime.CompilerServices;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Win32.SafeHandles;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>The journal of a search as a file. One writes at a time, any number read meanwhile.</summary>
internal sealed class JournalFile
{
    private const int ReadAtOnce = 256;

    private readonly string _folder;
    private readonly JournalMarks _marks = new();
    private volatile JournalTail _tail;
    private volatile bool _isDeleted;

    private JournalFile(string folder, JournalTail tail) => (_folder, _tail) = (folder, tail);

    public JournalTail Tail => _tail;

    private string FilePath => PathIn(_folder);

    /// <summary>The journal of a new search, whose file is empty.</summary>
    /// <param name="folder">Of the search.</param>
    public static JournalFile Create(string folder) => new(folder, JournalTail.Of(last: null, start: 0, end: 0));

    /// <exception cref="StorageException">It is damaged at its end.</exception>
    public static JournalFile Open(string folder)
    {
        var (last, start, end) = JournalLines.ReadLast(PathIn(folder));
        return new JournalFile(folder, JournalTail.Of(last, start, end));
    }

    /// <summary>Opens the file to append to it; what a crash left behind its end is cut.</summary>
    /// <exception cref="IOException">It cannot be done; or UnauthorizedAccessException.</exception>
    public SafeFileHandle OpenToAppend()
    {
        var file = File.OpenHandle(FilePath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.GetLength(file) > _tail.Position)
        {
            RandomAccess.SetLength(file, _tail.Position);
            RandomAccess.FlushToDisk(file);
        }

        return file;
    }

    /// <summary>Makes entries durable, in one go. They get their number, epoch and time.</summary>
    /// <exception cref="IOException">They cannot be written: the journal ends where it did.</exception>
    public void Append(SafeFileHandle file, long epoch, DateTimeOffset now, IReadOnlyList<JournalEntry> entries)
    {
        var tail = _tail;
        var time = Timestamp.FromDateTimeOffset(now);
        var lines = new List<ReadOnlyMemory<byte>>(entries.Count);
        var (number, position) = (tail.Number, tail.Position);
        foreach (var entry in entries)
        {
            (entry.Number, entry.Epoch, entry.Time) = (++number, epoch, time);
            lines.Add(JournalLines.ToLine(entry));
            position += lines[^1].Length;
        }

        try
        {
            RandomAccess.Write(file, lines, tail.Position);
            RandomAccess.FlushToDisk(file);
        }
        catch (IOException)
        {
            Cut(file, tail.Position);
            throw;
        }

        for (var (i, start) = (0, tail.Position); i < lines.Count; start += lines[i++].Length)
        {
            _marks.Note(entries[i].Number, start);
        }

        Exchange(JournalTail.Of(entries[^1], position - lines[^1].Length, position));
    }

    /// <summary>The entries after one, as they are now.</summary>
    public IReadOnlyList<JournalEntry> Read(long after)
    {
        var tail = _tail;
        var entries = new List<JournalEntry>();
        for (var chunk = ReadSome(after, tail); chunk.Count > 0; chunk = ReadSome(chunk[^1].Number, tail))
        {
            entries.AddRange(chunk);
        }

        return entries;
    }

    /// <summary>The entries after one, those to come included, until the search is deleted.</summary>
    public async IAsyncEnumerable<JournalEntry> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!_isDeleted)
        {
            var tail = _tail;
            var chunk = ReadSome(after, tail);
            foreach (var entry in chunk)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return entry;
                after = entry.Number;
            }

            if (chunk.Count == 0)
            {
                await tail.Changed.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>Lets those go that follow: the search is deleted.</summary>
    public void Delete()
    {
        _isDeleted = true;
        Exchange(_tail with { });
    }

    /// <summary>Where the journal of a search is.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, "journal.jsonl");

    // What is left of lines that could not be written would be cut later anyway.
    private static void Cut(SafeFileHandle file, long position)
    {
        try
        {
            RandomAccess.SetLength(file, position);
        }
        catch (IOException)
        {
        }
    }

    private List<JournalEntry> ReadSome(long after, JournalTail tail)
    {
        var entries = new List<JournalEntry>();
        if (after >= tail.Number)
        {
            return entries;
        }

        var (number, position) = after == tail.Number - 1 ? (tail.Number, tail.LastStart) : _marks.Before(after + 1);
        try
        {
            foreach (var (entry, end) in JournalLines.Read(FilePath, position, number, tail.Position, after))
            {
                entries.Add(entry);
                _marks.Note(entry.Number + 1, end);
                if (entries.Count == ReadAtOnce)
                {
                    break;
                }
            }
        }
        catch (IOException) when (_isDeleted)
        {
            entries.Clear();
        }
        catch (SearchDamagedException) when (entries.Count > 0)
        {
            // Whoever reads on is told.
        }
        catch (Exception e) when (e is not StorageException && e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{FilePath} cannot be read: {e.Message}", e);
        }

        return entries;
    }

    private void Exchange(JournalTail tail)
    {
        var before = _tail;
        _tail = tail;
        before.Signal();
    }
}
