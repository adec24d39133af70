using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using Spectre.Console;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Searching;

/// <summary>A search that is known by its identifier: whatever breaks, its user is told how to come back to it.</summary>
/// <param name="mesh">Where it runs.</param>
/// <param name="id">Its identifier.</param>
/// <param name="folder">Names the folder for its results, once there are some.</param>
/// <param name="back">To it.</param>
internal sealed class AttachedSearch(MeshAccess mesh, string id, Func<string> folder, WayBack back, Terminal terminal, Interruption interruption)
{
    /// <summary>Follows it to its end and writes its results.</summary>
    /// <param name="description">What the services say of themselves.</param>
    /// <returns>The exit code.</returns>
    public Task<int> FollowAsync(SearchSpec spec, DescribeMeshResponse description) => GuardAsync(async () =>
    {
        terminal.Note($"[dim]Search {id}: {back.IfKilled.EscapeMarkup()}[/]");
        var search = await new SearchWatch(mesh, id).RunAsync(LiveProgress.Create(spec.Condition, terminal), interruption.Requested);
        return await WriteResultsAsync(search, description);
    });

    /// <summary>Writes the results of one that has ended.</summary>
    /// <param name="search">As it ended, with its candidates.</param>
    /// <param name="description">What the services say of themselves.</param>
    /// <returns>The exit code.</returns>
    public Task<int> WriteAsync(SearchMessage search, DescribeMeshResponse description) => GuardAsync(() => WriteResultsAsync(search, description));

    private async Task<int> WriteResultsAsync(SearchMessage search, DescribeMeshResponse description)
    {
        var written = await SearchResults.WriteAsync(search, description, folder, mesh, terminal);
        return ResultExit.Of(search, interruption.Requested.IsCancellationRequested, written, back, mesh);
    }

    private async Task<int> GuardAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (interruption.Requested.IsCancellationRequested && error is RpcException or OperationCanceledException)
        {
            throw new CommandFailure(ExitCode.Interrupted, $"interrupted before search {id} has said that it stopped") { Remedy = back.AfterLoss };
        }
        catch (RpcException error) when (error.StatusCode is not (StatusCode.NotFound or StatusCode.FailedPrecondition))
        {
            var failure = mesh.Explain(error);
            throw failure.With(remedy: mesh.IsRemote ? back.AfterLoss : string.Join('\n', new[] { failure.Remedy, back.AfterLoss }.OfType<string>()));
        }
    }
}
