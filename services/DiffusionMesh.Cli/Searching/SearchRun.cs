using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Runs one search from arguments to files.</summary>
internal static class SearchRun
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    /// <param name="arguments">What to search for.</param>
    /// <param name="output">Folder for the results, or null for one named after the search.</param>
    /// <param name="target">Address of an orchestrator, or null to start the services.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="interruption">Its first signal stops the search and keeps what is paid for.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        SearchArguments arguments, string? output, string? target, Terminal terminal, Interruption interruption)
    {
        var directory = RunDirectory.Prepare(output);
        try
        {
            await using var mesh = await MeshAccess.OpenAsync(target, arguments.ConfiguredVerifiers, directory.Data, terminal, interruption);
            try
            {
                return await RunAsync(arguments, directory, output, target, mesh, terminal, interruption);
            }
            catch (RpcException error) when (!interruption.Requested.IsCancellationRequested)
            {
                throw mesh.Explain(error);
            }
        }
        finally
        {
            directory.Close();
        }
    }

    private static async Task<int> RunAsync(
        SearchArguments arguments, RunDirectory directory, string? output, string? target, MeshAccess mesh, Terminal terminal, Interruption interruption)
    {
        var description = await mesh.DescribeAsync(interruption.Requested);
        var request = new CreateSearchRequest { Spec = arguments.ToSpec(description), RequestId = Guid.NewGuid().ToString() };
        var created = await mesh.Searches.CreateSearchAsync(request, deadline: DateTime.UtcNow + AnswerTime, cancellationToken: interruption.Requested);
        var id = created.Search.Id;
        var back = target is null ? WayBack.In(directory.Place, directory.TakesData) : WayBack.At(target, ConnectionOptions.Of(MeshChannel.Transport.Settings), id, output);
        return await new AttachedSearch(mesh, id, () => directory.PathFor(id), back, terminal, interruption).FollowAsync(request.Spec, description);
    }
}
