using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;

namespace DiffusionMesh.Cli.Searching;

/// <summary>A search that was run before: one that an orchestrator keeps, or one in a folder.</summary>
/// <param name="Id">Its identifier.</param>
internal sealed record KeptSearch(string Id)
{
    private const int IdLength = 32;
    private const string Searches = "searches";
    private const string Header = "search.json";

    // Of what other versions wrote, what this one knows.
    private static readonly JsonParser Tolerant = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>Its own folder, <c>searches/ID</c> of a data directory; null if an orchestrator keeps it.</summary>
    public string? Folder { get; private init; }

    /// <summary>The folder with its report, where it was run by <c>dmesh search</c>; else null.</summary>
    public string? Results { get; private init; }

    /// <summary>How a user names it: the folder with its report, else its own. Only in a folder.</summary>
    public string Place => Results ?? Folder!;

    /// <summary>Names of the verifiers that the services have to know.</summary>
    public IReadOnlyList<string> Verifiers { get; private init; } = [];

    /// <summary>The data directory that it lies in. Only in a folder.</summary>
    /// <exception cref="CommandFailure">It lies in none.</exception>
    public string Data => Path.GetDirectoryName(Folder) is { } searches && Path.GetFileName(searches) == Searches
        ? Path.GetDirectoryName(searches)!
        : throw CommandFailure.BadArgument("DIR|ID", $"'{Folder}' lies in no data directory; move it to DATA/{Searches}/{Id}");

    /// <param name="word">
    /// An identifier; or a folder: the results of <c>dmesh search</c>, a data directory with one search, or that of the search
    /// itself. Results of a search that was run with --target name one that an orchestrator keeps.
    /// </param>
    /// <exception cref="CommandFailure">It is none of these.</exception>
    public static KeptSearch Find(string word)
    {
        if (!Directory.Exists(word))
        {
            return IsId(word)
                ? new KeptSearch(word)
                : throw CommandFailure.BadArgument("DIR|ID", $"'{word}' is neither a folder nor an identifier (32 digits 0-9, a-f)");
        }

        var root = Path.GetFullPath(word);
        foreach (var (folder, results) in (IEnumerable<(string, string?)>)[(root, null), (Path.Combine(root, RunDirectory.DataFolder), root)])
        {
            if (Directory.Exists(Path.Combine(folder, Searches)))
            {
                string[] found = [.. Directory.EnumerateDirectories(Path.Combine(folder, Searches)).Where(IsSearch)];
                return found.Length == 1
                    ? Read(found[0], results)
                    : throw CommandFailure.BadArgument("DIR|ID", $"'{word}' holds {found.Length} searches; name the folder of one, {Path.Combine(folder, Searches)}{Path.DirectorySeparatorChar}ID");
            }
        }

        if (IsSearch(root))
        {
            return Read(root, null);
        }

        return ResultFiles.Read(root) is { } document && IsId(document.Search.Id)
            ? new KeptSearch(document.Search.Id) { Results = root }
            : throw CommandFailure.BadArgument("DIR|ID", $"'{word}' holds no search: neither {Searches}/ nor {RunDirectory.DataFolder}/{Searches}/ nor {Header} with state.json");
    }

    /// <summary>Makes sure that a search in a folder can be run again or scored anew, before anything is started for it.</summary>
    /// <param name="then">What its user wants, as "replay it".</param>
    /// <param name="evenIfFailed">Whether that can be done with one that failed.</param>
    /// <exception cref="CommandFailure">It has not ended, or it failed.</exception>
    public void RequireEnded(string then, bool evenIfFailed)
    {
        if (Folder is null || !KeptEnd.TryRead(Folder, out var end) || end is { State: not SearchState.Failed } || (end is not null && evenIfFailed))
        {
            return;
        }

        var why = end is null ? "has not ended" : $"failed ({end.Error})";
        throw CommandFailure.BadArgument("DIR|ID", $"search {Id} {why}: go on with it first ('{WayBack.To(Place)}'), then {then}");
    }

    private static bool IsId(string word) => word.Length == IdLength && word.All(char.IsAsciiHexDigitLower);

    private static bool IsSearch(string folder) => File.Exists(Path.Combine(folder, Header)) && File.Exists(Path.Combine(folder, "state.json"));

    private static KeptSearch Read(string folder, string? results)
    {
        try
        {
            var header = Tolerant.Parse<SearchHeader>(File.ReadAllText(Path.Combine(folder, Header)));
            return new KeptSearch(header.Id)
            {
                Folder = folder,
                Results = results,
                Verifiers = [.. header.Spec.Verifiers.Where(verifier => verifier.Address.Length == 0).Select(verifier => verifier.Name)],
            };
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw CommandFailure.BadArgument("DIR|ID", $"{Path.Combine(folder, Header)} is no search: {error.Message}");
        }
    }
}
