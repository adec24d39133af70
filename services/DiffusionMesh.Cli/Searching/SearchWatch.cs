using System.Diagnostics;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Follows a search to its end, and stops it when its user wants that.</summary>
internal sealed class SearchWatch(MeshAccess mesh, string searchId)
{
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(1);

    // An orchestrator may be started anew meanwhile.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="progress">Is shown every event.</param>
    /// <param name="interrupted">Cancels the search; it is followed until it has stopped.</param>
    /// <returns>The search as it ended, with its candidates.</returns>
    public async Task<SearchMessage> RunAsync(LiveProgress progress, CancellationToken interrupted)
    {
        using var giveUp = new CancellationTokenSource();
        await progress.ShowWhileAsync(async () =>
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(giveUp.Token);
            var asking = new SilentSearch(mesh, searchId, progress).AskAsync(ended.Token);
            try
            {
                await FollowAsync(progress, giveUp, interrupted);
            }
            finally
            {
                await ended.CancelAsync();
                await asking;
            }
        });
        var answer = await mesh.Searches.GetSearchAsync(
            new GetSearchRequest { SearchId = searchId }, deadline: DateTime.UtcNow + CancelTime, cancellationToken: CancellationToken.None);
        return answer.Search;
    }

    private async Task FollowAsync(LiveProgress progress, CancellationTokenSource giveUp, CancellationToken interrupted)
    {
        var following = FollowAsync(progress, giveUp.Token);
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = interrupted.Register(signalled.SetResult);
        if (await Task.WhenAny(following, signalled.Task) != following)
        {
            progress.Stopping();
            giveUp.CancelAfter(CancelTime);
            await mesh.Searches.CancelSearchAsync(
                new CancelSearchRequest { SearchId = searchId }, cancellationToken: giveUp.Token);
        }

        await following;
    }

    private async Task FollowAsync(LiveProgress progress, CancellationToken giveUp)
    {
        long lastEvent = 0;
        long? lost = null;
        while (true)
        {
            try
            {
                using var call = mesh.Searches.WatchSearch(
                    new WatchSearchRequest { SearchId = searchId, AfterEvent = lastEvent }, cancellationToken: giveUp);
                await foreach (var item in call.ResponseStream.ReadAllAsync(giveUp))
                {
                    lastEvent = item.EventNumber;
                    lost = null;
                    progress.Show(item);
                }

                return;
            }
            catch (RpcException error) when (mesh.IsRemote && Unreachable.IsLost(error))
            {
                lost ??= Stopwatch.GetTimestamp();
                if (Stopwatch.GetElapsedTime(lost.Value) > Patience)
                {
                    throw;
                }

                progress.Waits("the orchestrator is lost; trying to reach one again");
                await Task.Delay(ReconnectDelay, giveUp);
                await mesh.ReconnectAsync(giveUp);
            }
        }
    }
}
