using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Searching;

/// <summary>How a search in a folder has ended, as its journal says. No service is needed to read it.</summary>
internal static class KeptEnd
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <param name="folder">The search's own.</param>
    /// <param name="end">As it ended; null if it has not.</param>
    /// <returns>False if the journal cannot be read: the services say where it is damaged.</returns>
    public static bool TryRead(string folder, out SearchMessage? end)
    {
        end = null;
        try
        {
            foreach (var line in WholeLines(Path.Combine(folder, "journal.jsonl")))
            {
                // Parsed are the lines that may matter alone: a journal may hold many.
                if (!line.Contains("\"searchFinished\"", StringComparison.Ordinal) && !line.Contains("\"reopened\"", StringComparison.Ordinal))
                {
                    continue;
                }

                var entry = Parser.Parse<JournalEntry>(line);
                end = entry.Reopened is null ? entry.Event?.SearchFinished ?? end : null;
            }

            return true;
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or InvalidJsonException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // A last line without an end was torn by a crash and counts for nothing.
    private static IEnumerable<string> WholeLines(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        file.BaseStream.Seek(-Math.Min(1, file.BaseStream.Length), SeekOrigin.End);
        var isWhole = file.BaseStream.ReadByte() == '\n';
        file.BaseStream.Seek(0, SeekOrigin.Begin);
        for (var line = file.ReadLine(); line is not null;)
        {
            var next = file.ReadLine();
            if (next is not null || isWhole)
            {
                yield return line;
            }

            line = next;
        }
    }
}
