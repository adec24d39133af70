using DiffusionMesh.Cli.CommandLine;

namespace DiffusionMesh.Cli.Searching;

/// <summary>The folder that takes the results of one search. It is made sure of before anything is spent.</summary>
internal sealed class RunDirectory
{
    /// <summary>What the orchestrator kept of the search: its journal, images and states.</summary>
    public const string DataFolder = "run";

    private const string DefaultParent = "runs";

    private static readonly string[] OwnFiles = ["search.json", DataFolder, "report.html", "best.png", "candidates.png", "score-nfe.svg"];

    private const string Passing = $".{DataFolder}-";

    private readonly string? _chosen;
    private readonly IReadOnlyList<string> _created;
    private string? _path;

    private RunDirectory(string? chosen, string? data, IReadOnlyList<string> created)
    {
        _chosen = chosen;
        _created = created;
        Data = data ?? (chosen is null
            ? Path.GetFullPath(Path.Combine(DefaultParent, FormattableString.Invariant($"{Passing}{Environment.ProcessId}")))
            : Path.Combine(chosen, DataFolder));
    }

    /// <summary>Makes the folder and tries to write to it.</summary>
    /// <param name="output">The folder a user has chosen, or null for <c>runs/&lt;search id&gt;</c>.</param>
    /// <param name="data">Folder that keeps the search already; null for a new one.</param>
    /// <exception cref="CommandFailure">It cannot be written, or holds an earlier run.</exception>
    public static RunDirectory Prepare(string? output, string? data = null)
    {
        if (output is not null && string.IsNullOrWhiteSpace(output))
        {
            throw CommandFailure.BadArgument("--out", "must not be empty");
        }

        var path = Path.GetFullPath(output ?? DefaultParent);
        try
        {
            var missing = Missing(path);
            Directory.CreateDirectory(path);
            using (new FileStream(Path.Combine(path, $".dmesh-{Environment.ProcessId}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }

            if (output is not null && OwnFiles.FirstOrDefault(file => Path.Exists(Path.Combine(path, file))) is { } earlier)
            {
                throw CommandFailure.BadArgument("--out", $"'{output}' holds an earlier run ({earlier}): choose another folder, or remove that one");
            }

            return new RunDirectory(output is null ? null : path, data, missing);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(output, path, error);
        }
    }

    /// <summary>
    /// Where services that are started for the search keep it. Once they have stopped it is the folder <c>run</c> among the
    /// results.
    /// </summary>
    public string Data { get; }

    /// <summary>Whether what is kept of the search moves to the folder of its results in the end.</summary>
    public bool TakesData => _chosen is null && Path.GetFileName(Data).StartsWith(Passing, StringComparison.Ordinal);

    /// <summary>Where the search is found should this process be killed.</summary>
    public string Place => _chosen ?? Data;

    /// <summary>The folder for a search; made if there is none yet.</summary>
    public string PathFor(string searchId)
    {
        if (_chosen is not null)
        {
            return _path = _chosen;
        }

        // Identifiers of another server may repeat: an earlier run is never written over.
        var path = Path.GetFullPath(Path.Combine(DefaultParent, searchId));
        var free = path;
        for (var copy = 2; Directory.Exists(free) || File.Exists(free); copy++)
        {
            free = $"{path}-{copy}";
        }

        Directory.CreateDirectory(free);
        return _path = free;
    }

    /// <summary>Brings what was kept of the search to its results, or removes what was made for one that never began.</summary>
    public void Close()
    {
        if (Directory.Exists(Data))
        {
            if (_path is null && IsUnused(Data))
            {
                Directory.Delete(Data, recursive: true);
            }
            else if (_path is not null && TakesData)
            {
                Directory.Move(Data, Path.Combine(_path, DataFolder));
            }
        }

        foreach (var folder in _created)
        {
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }

    // Another command may keep a search of its own there, or be about to: its orchestrator holds the lock.
    private static bool IsUnused(string data)
    {
        var searches = Path.Combine(data, "searches");
        if (Directory.Exists(searches) && Directory.EnumerateFileSystemEntries(searches).Any())
        {
            return false;
        }

        try
        {
            using var held = new FileStream(Path.Combine(data, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The folders of a path that do not exist yet, innermost first.</summary>
    private static List<string> Missing(string path)
    {
        var missing = new List<string>();
        for (var folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing.Add(folder);
        }

        return missing;
    }

    private static CommandFailure Unwritable(string? output, string path, Exception error)
    {
        var why = File.Exists(path) ? "it is a file" : error.Message.TrimEnd('.');
        return output is null
            ? new CommandFailure(ExitCode.Failed, $"cannot write to {path}: {why}") { Remedy = "Choose a folder with --out DIR." }
            : CommandFailure.BadArgument("--out", $"cannot write to '{output}': {why}. Choose another folder");
    }
}
