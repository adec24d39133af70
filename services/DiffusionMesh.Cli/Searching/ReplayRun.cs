using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Runs a search again from nothing and says whether everything came out the same.</summary>
internal static class ReplayRun
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    /// <param name="target">The orchestrator that keeps it; null if a folder does.</param>
    /// <returns>The exit code: done if both runs are identical, failed if anything differs.</returns>
    /// <exception cref="CommandFailure">They could not be compared. Its exit code is never that of a difference.</exception>
    public static async Task<int> RunAsync(KeptSearch kept, string? target, Terminal terminal, Interruption interruption)
    {
        try
        {
            kept.RequireEnded("replay it", evenIfFailed: false);
            using var copy = target is null ? SearchCopy.Of(kept) : null;
            await using var mesh = await MeshAccess.OpenAsync(target, kept.Verifiers, copy?.Data, terminal, interruption);
            try
            {
                var replay = await RunAsync(kept, mesh, terminal, interruption.Requested);
                return Tell(replay, mesh, terminal, interruption.Requested);
            }
            catch (RpcException error) when (!interruption.Requested.IsCancellationRequested)
            {
                throw mesh.Explain(error);
            }
        }
        catch (CommandFailure failure) when (failure.ExitCode == ExitCode.Failed)
        {
            throw failure.With(exitCode: ExitCode.BadArguments);
        }
    }

    private static async Task<SearchMessage> RunAsync(KeptSearch kept, MeshAccess mesh, Terminal terminal, CancellationToken interrupted)
    {
        var request = new ReplaySearchRequest { SearchId = kept.Id, RequestId = Guid.NewGuid().ToString() };
        var created = await mesh.Searches.ReplaySearchAsync(request, deadline: DateTime.UtcNow + AnswerTime, cancellationToken: interrupted);
        return await new SearchWatch(mesh, created.Search.Id).RunAsync(
            LiveProgress.Create(created.Search.Spec.Condition, terminal), interrupted);
    }

    private static int Tell(SearchMessage replay, MeshAccess mesh, Terminal terminal, CancellationToken interrupted)
    {
        if (replay.Replay is not { } report)
        {
            throw interrupted.IsCancellationRequested
                ? new CommandFailure(ExitCode.Interrupted, "interrupted; nothing was compared")
                : mesh.WithLogs(new CommandFailure(
                    ExitCode.Failed, replay.Error.Length > 0 ? $"the replay failed: {replay.Error}" : "the replay was cancelled by somebody else"));
        }

        ReplaySummary.Write(replay, report, terminal);
        return report.Identical ? ExitCode.Done : ExitCode.Failed;
    }
}
