using System.Text;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;
using Microsoft.Win32.SafeHandles;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>Reads and writes the lines of a journal. Line n holds entry n.</summary>
internal static class JournalLines
{
    private const int ChunkBytes = 64 << 10;

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);

    public static byte[] ToLine(JournalEntry entry) => Encoding.UTF8.GetBytes(Formatter.Format(entry) + "\n");

    /// <returns>Null if it is no entry.</returns>
    public static JournalEntry? TryParse(ReadOnlySpan<byte> line, out string why)
    {
        try
        {
            why = "";
            return Parser.Parse<JournalEntry>(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(line));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException or ArgumentException or FormatException or OverflowException)
        {
            why = e.Message;
            return null;
        }
    }

    /// <summary>
    /// The last entry, where it begins and where it ends. What follows was torn by a crash: it has no line feed, or zeros
    /// where the disk never got it.
    /// </summary>
    /// <exception cref="StorageException">A whole line is no entry.</exception>
    public static (JournalEntry? Last, long Start, long End) ReadLast(string path)
    {
        if (!File.Exists(path))
        {
            return (null, 0, 0);
        }

        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        var end = LineFeedBefore(file, RandomAccess.GetLength(file)) + 1;
        var unreadable = "";
        for (var torn = 0; torn < 2 && end > 0; torn++)
        {
            var start = LineFeedBefore(file, end - 1) + 1;
            var line = new byte[end - 1 - start];
            ReadExactly(file, line, start);
            if (TryParse(line, out var why) is { } last)
            {
                return (last, start, end);
            }

            if (!line.Contains((byte)0))
            {
                throw Corrupt(path, CountLines(file) - torn, why);
            }

            (end, unreadable) = (start, why);
        }

        return end == 0 && CountLines(file) < 2 ? (null, 0, 0) : throw Corrupt(path, CountLines(file) - 1, unreadable);
    }

    /// <summary>The entries after one, up to the end of a file that may grow meanwhile.</summary>
    /// <param name="position">Where entry <paramref name="after"/> + 1 begins, or any line before it.</param>
    /// <param name="number">Number of the entry at <paramref name="position"/>.</param>
    /// <exception cref="StorageException">A line is no entry, or another than belongs there.</exception>
    public static IEnumerable<(JournalEntry Entry, long End)> Read(string path, long position, long number, long end, long after)
    {
        if (position >= end)
        {
            yield break;
        }

        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[ChunkBytes];
        int start = 0, filled = 0;
        var read = position;
        while (position < end)
        {
            var length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
            if (length < 0)
            {
                buffer.AsSpan(start, filled - start).CopyTo(buffer);
                (start, filled) = (0, filled - start);
                if (filled == buffer.Length)
                {
                    Array.Resize(ref buffer, 2 * buffer.Length);
                }

                var got = RandomAccess.Read(file, buffer.AsSpan(filled), read);
                if (got == 0)
                {
                    throw new SearchDamagedException($"{path}: ends at byte {read}, before line {number} does; it was {end} bytes long. {Remedy}");
                }

                (read, filled) = (read + got, filled + got);
                continue;
            }

            position += length + 1;
            if (number > after)
            {
                var entry = TryParse(buffer.AsSpan(start, length), out var why) ?? throw Corrupt(path, number, why);
                yield return entry.Number == number
                    ? (entry, position)
                    : throw Corrupt(path, number, $"it holds entry {entry.Number}");
            }

            start += length + 1;
            number++;
        }
    }

    private const string Remedy = "Restore the file from a copy, or delete the search to give it up";

    private static SearchDamagedException Corrupt(string path, long line, string why) =>
        new($"{path}: line {line} cannot be read ({why}). {Remedy}");

    // -1 if there is none.
    private static long LineFeedBefore(SafeFileHandle file, long end)
    {
        var chunk = new byte[ChunkBytes];
        while (end > 0)
        {
            var start = Math.Max(0, end - chunk.Length);
            var part = chunk.AsSpan(0, (int)(end - start));
            ReadExactly(file, part, start);
            if (part.LastIndexOf((byte)'\n') is var found and >= 0)
            {
                return start + found;
            }

            end = start;
        }

        return -1;
    }

    private static long CountLines(SafeFileHandle file)
    {
        var chunk = new byte[ChunkBytes];
        long lines = 0;
        int got;
        for (long position = 0; (got = RandomAccess.Read(file, chunk, position)) > 0; position += got)
        {
            lines += chunk.AsSpan(0, got).Count((byte)'\n');
        }

        return lines;
    }

    private static void ReadExactly(SafeFileHandle file, Span<byte> into, long position)
    {
        while (into.Length > 0)
        {
            var got = RandomAccess.Read(file, into, position);
            if (got == 0)
            {
                throw new EndOfStreamException();
            }

            into = into[got..];
            position += got;
        }
    }
}
