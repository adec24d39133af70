using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Asks what a search waits for, once nothing was heard of it for a while.</summary>
internal sealed class SilentSearch(MeshAccess mesh, string searchId, LiveProgress progress)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    /// <summary>Tells the display, until it is cancelled.</summary>
    public async Task AskAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                if (progress.Silence > Silence && await WhyAsync(ended) is { } reason)
                {
                    progress.Waits(reason);
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
    }

    private async Task<string?> WhyAsync(CancellationToken ended)
    {
        try
        {
            var options = new CallOptions(deadline: DateTime.UtcNow + AnswerTime, cancellationToken: ended);
            var search = (await mesh.Searches.GetSearchAsync(new GetSearchRequest { SearchId = searchId }, options)).Search;
            if (search.State == SearchState.Queued)
            {
                return "it waits for an orchestrator with room";
            }

            var services = await mesh.Searches.DescribeMeshAsync(new DescribeMeshRequest(), options);
            var named = search.Spec.Verifiers.Where(verifier => verifier.Address.Length == 0).Select(verifier => verifier.Name).ToHashSet();
            return services.Verifiers.FirstOrDefault(verifier => verifier.Error.Length > 0 && named.Contains(verifier.Name)) is { } missing
                ? $"verifier '{missing.Name}': {missing.Error}"
                : null;
        }
        catch (RpcException) when (ended.IsCancellationRequested)
        {
            return null;
        }
        catch (RpcException error)
        {
            return error.StatusCode == StatusCode.DeadlineExceeded ? "the orchestrator does not answer" : mesh.Explain(error).Message;
        }
    }
}
