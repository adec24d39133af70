using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Comes back to a search: goes on with one that was stopped, watches one that runs, and writes its results.</summary>
internal static class ResumeRun
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    /// <param name="target">The orchestrator that keeps it; null if a folder does.</param>
    /// <param name="output">Folder for the results, or null for the search's own.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(KeptSearch kept, string? target, string? output, Terminal terminal, Interruption interruption)
    {
        if (target is null && output is null && WrittenResults.Of(kept) is { } written)
        {
            written.Show(terminal);
            return ExitCode.Done;
        }

        var data = target is null ? kept.Data : null;
        var directory = kept.Results is null || output is not null ? RunDirectory.Prepare(output, data) : null;
        try
        {
            await using var mesh = await MeshAccess.OpenAsync(target, kept.Verifiers, data, terminal, interruption);
            try
            {
                return await RunAsync(kept, target, output, directory, mesh, terminal, interruption);
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
        KeptSearch kept, string? target, string? output, RunDirectory? directory, MeshAccess mesh, Terminal terminal, Interruption interruption)
    {
        var interrupted = interruption.Requested;
        var description = await mesh.DescribeAsync(interrupted);
        var found = await mesh.Searches.GetSearchAsync(
            new GetSearchRequest { SearchId = kept.Id }, deadline: DateTime.UtcNow + AnswerTime, cancellationToken: interrupted);
        var back = target is null ? WayBack.In(kept.Place, directory?.TakesData == true) : WayBack.At(target, ConnectionOptions.Of(MeshChannel.Transport.Settings), kept.Id, output);
        var search = new AttachedSearch(mesh, kept.Id, () => directory?.PathFor(kept.Id) ?? kept.Results!, back, terminal, interruption);
        if (found.Search.IsComplete())
        {
            return await search.WriteAsync(found.Search, description);
        }

        // One that was killed goes on by itself as soon as an orchestrator has it.
        if (found.Search.HasEnded())
        {
            await mesh.Searches.ResumeSearchAsync(
                new ResumeSearchRequest { SearchId = kept.Id }, deadline: DateTime.UtcNow + AnswerTime, cancellationToken: interrupted);
        }

        return await search.FollowAsync(found.Search.Spec, description);
    }
}
