using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Replay;

/// <summary>Creates searches that run others again.</summary>
internal sealed class SearchReplay(SearchViews views, SearchCreation creation, VerifierMesh verifiers)
{
    /// <exception cref="RpcException">
    /// FAILED_PRECONDITION: it has not ended, or it failed, and what failed it cannot be repeated, or one of its verifiers must
    /// not be called any more. Else as for a search that is created.
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

        if (verifiers.Refusal(original.Header) is { } refusal)
        {
            throw RpcErrors.FailedPrecondition("VERIFIER_REFUSED", $"search {id} cannot be replayed: {refusal}");
        }

        return await creation.CreateReplayAsync(original.Header, requestId, cancellationToken);
    }
}
