using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Goes on with a search where it was, and writes its results.</summary>
internal static class ResumeRun
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    /// <param name="target">The orchestrator that keeps it; null if a folder does.</param>
    /// <param name="output">Folder for the results, or null for the search's own.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(KeptSearch kept, string? target, string? output, Terminal terminal, Interruption interruption)
    {
        var data = target is null ? kept.Data : null;
        var directory = kept.Results is null || output is not null ? RunDirectory.Prepare(output) : null;
        try
        {
            await using var mesh = await MeshAccess.OpenAsync(target, kept.Verifiers, data, terminal, interruption);
            try
            {
                return await RunAsync(kept, directory, mesh, terminal, interruption.Requested);
            }
            catch (RpcException error) when (!interruption.Requested.IsCancellationRequested)
            {
                throw mesh.Explain(error);
            }
        }
        finally
        {
            directory?.Close();
        }
    }

    private static async Task<int> RunAsync(
        KeptSearch kept, RunDirectory? directory, MeshAccess mesh, Terminal terminal, CancellationToken interrupted)
    {
        var description = await mesh.DescribeAsync(interrupted);
        var found = await mesh.Searches.GetSearchAsync(
            new GetSearchRequest { SearchId = kept.Id }, deadline: DateTime.UtcNow + AnswerTime, cancellationToken: interrupted);

        // One that was killed goes on by itself as soon as an orchestrator has it.
        if (found.Search.State is not (SearchState.Queued or SearchState.Running))
        {
            await mesh.Searches.ResumeSearchAsync(
                new ResumeSearchRequest { SearchId = kept.Id }, deadline: DateTime.UtcNow + AnswerTime, cancellationToken: interrupted);
        }

        var search = await new SearchWatch(mesh, kept.Id).RunAsync(LiveProgress.Create(found.Search.Spec.Condition, terminal), interrupted);
        return await SearchResults.WriteAsync(search, description, directory?.PathFor(kept.Id) ?? kept.Results!, mesh, terminal, interrupted);
    }
}
