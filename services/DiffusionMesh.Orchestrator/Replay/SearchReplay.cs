using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Replay;

/// <summary>Creates searches that run others again.</summary>
internal sealed class SearchReplay(SearchViews views, SearchCreation creation)
{
    /// <exception cref="RpcException">
    /// FAILED_PRECONDITION: it has not ended, or it failed, and what failed it cannot be repeated. Else as for a search that is
    /// created.
    /// </exception>
    public async Task<StoredSearch> CreateAsync(StoredSearch original, string requestId, CancellationToken cancellationToken)
    {
        var id = original.Header.Id;
        switch ((await views.OfAsync(original, cancellationToken)).ToMessage(candidates: false).State)
        {
            case SearchState.Queued or SearchState.Running:
                throw RpcErrors.FailedPrecondition("SEARCH_NOT_ENDED", $"search {id} has not ended: watch it to its end, or cancel it, then replay it");

            case SearchState.Failed:
                throw RpcErrors.FailedPrecondition(
                    "SEARCH_FAILED", $"search {id} failed, and what failed it cannot be repeated: resume it to its end, then replay it");
        }

        return await creation.CreateReplayAsync(original.Header, requestId, cancellationToken);
    }
}
