using DiffusionMesh.Cli.CommandLine;

namespace DiffusionMesh.Cli.Searching;

/// <summary>How a user comes back to a search whose command has ended, for messages.</summary>
internal sealed class WayBack
{
    private const string Resume = "dmesh resume";

    private readonly string? _search;

    private WayBack(string? search) => _search = search;

    /// <summary>What to do should this command be killed.</summary>
    public required string IfKilled { get; init; }

    /// <summary>What to do once the services were lost.</summary>
    public required string AfterLoss { get; init; }

    /// <summary>To a search that goes on at an orchestrator, with its user or without.</summary>
    /// <param name="target">Where that is.</param>
    /// <param name="connection">The options that say how it is reached.</param>
    /// <param name="id">Its identifier.</param>
    /// <param name="output">Folder that its user chose for the results; null for the default.</param>
    public static WayBack At(string target, IEnumerable<string> connection, string id, string? output)
    {
        var command = string.Join(' ', [$"{Resume} {id}", .. ((string[])["--target", target, .. connection]).Select(ShellWords.Quote)]);
        var whole = output is null ? command : $"{command} --out {ShellWords.Quote(output)}";
        return new WayBack(command)
        {
            IfKilled = $"if this command is lost, '{whole}' comes back to it",
            AfterLoss = $"Search {id} goes on at the service: '{whole}' watches it to its end and writes its results.",
        };
    }

    /// <summary>To a search that lies in a folder, and goes on only with a command.</summary>
    /// <param name="place">Where it lies now.</param>
    /// <param name="moves">Whether it moves to the folder of its results, once there are some.</param>
    public static WayBack In(string place, bool moves) => new(moves ? null : To(place))
    {
        IfKilled = $"if this command is killed, '{To(place)}' goes on with it",
        AfterLoss = $"'{To(place)}' goes on with it.",
    };

    /// <summary>What to do once the search was stopped, or has failed.</summary>
    /// <param name="results">Folder with its results.</param>
    public string AfterStop(string results) => $"'{_search ?? To(results)}' goes on with it.";

    /// <summary>The command that goes on with the search of a folder.</summary>
    public static string To(string folder) => $"{Resume} {ShellWords.Quote(ShellWords.Path(folder))}";
}
