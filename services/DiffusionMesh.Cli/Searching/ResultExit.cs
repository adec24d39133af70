using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Searching;

/// <summary>What the end of a search means for the shell.</summary>
internal static class ResultExit
{
    /// <exception cref="CommandFailure">The search did not end as its user asked.</exception>
    public static int Of(SearchMessage search, bool interrupted, string folder, WayBack back, MeshAccess mesh) => (search.State, interrupted) switch
    {
        (SearchState.Succeeded, _) => ExitCode.Done,
        (SearchState.Failed, _) => throw mesh.WithLogs(new CommandFailure(ExitCode.Failed, $"the search failed: {search.Error}")
        {
            Remedy = $"What was paid for is kept in {ShellWords.Path(folder)}. {back.AfterStop(folder)}",
        }),
        (_, true) => throw new CommandFailure(ExitCode.Interrupted, $"interrupted; what was finished is kept in {ShellWords.Path(folder)}") { Remedy = back.AfterStop(folder) },
        _ => throw new CommandFailure(ExitCode.Failed, "the search was cancelled by somebody else") { Remedy = back.AfterStop(folder) },
    };
}
