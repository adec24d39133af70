using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Cli.Searching;

namespace DiffusionMesh.Cli.Commands;

/// <summary>How commands name a search that was run before.</summary>
internal sealed class KeptSearchOptions
{
    private readonly Argument<string> _search = new("DIR|ID")
    {
        Description = "The folder of a search: the results of 'dmesh search' or 'dmesh demo', or searches/ID of a data directory. Or the identifier of a search that the orchestrator at --target keeps, or the folder of results that were made there.",
    };

    private readonly Option<string?> _target = new("--target")
    {
        HelpName = "ADDRESS",
        Description = $"Orchestrator that keeps the search, where an identifier names it. Default: {MeshPorts.DefaultOrchestrator}, that of 'dmesh up'.",
    };

    public void AddTo(Command command)
    {
        command.Add(_search);
        command.Add(_target);
    }

    /// <returns>The search, and the orchestrator that keeps it; null if a folder holds it.</returns>
    /// <exception cref="CommandFailure">There is no such search, or a folder and an orchestrator are named.</exception>
    public (KeptSearch Search, string? Target) Read(ParseResult parse)
    {
        var search = KeptSearch.Find(parse.GetValue(_search)!);
        var target = parse.GetValue(_target);
        return (search.Folder, target) switch
        {
            (null, null) when search.Results is { } results => throw CommandFailure.BadArgument(
                _target.Name, $"is missing: '{results}' holds results of search {search.Id}, but not the search; name the orchestrator that keeps it"),
            (null, _) => (search, target ?? MeshPorts.DefaultOrchestrator),
            (_, null) => (search, null),
            _ => throw CommandFailure.BadArgument("--target", "goes with an identifier; what a folder holds is run by services of its own: leave it out"),
        };
    }
}
