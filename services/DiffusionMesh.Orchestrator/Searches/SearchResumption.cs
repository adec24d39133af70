using DiffusionMesh.Contracts;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Storage;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Lets searches go on that ended before they were done.</summary>
internal sealed class SearchResumption(ISearchStorage storage, SearchViews views, SearchAdmission admission, SearchQueue queue, VerifierMesh verifiers)
{
    /// <exception cref="RpcException">
    /// FAILED_PRECONDITION: it has not ended, it ended as its specification says, its images are no longer kept, or one of its
    /// verifiers must not be called any more.
    /// RESOURCE_EXHAUSTED: too many searches of its tenant wait, or the quota of the day does not hold what it may still cost.
    /// </exception>
    public async Task ResumeAsync(StoredSearch search, CancellationToken cancellationToken)
    {
        var id = search.Header.Id;
        var end = (await views.OfAsync(search, cancellationToken)).ToMessage(candidates: false);
        if (!end.HasEnded())
        {
            throw RpcErrors.FailedPrecondition("SEARCH_NOT_ENDED", $"search {id} has not ended: there is nothing to resume; watch it");
        }

        if (end.IsComplete())
        {
            throw RpcErrors.FailedPrecondition(
                "SEARCH_COMPLETE",
                $"search {id} is complete (stop reason {end.StopReason}): only one that was cancelled, ran out of time or failed can be resumed");
        }

        if (verifiers.Refusal(search.Header) is { } refusal)
        {
            throw RpcErrors.FailedPrecondition("VERIFIER_REFUSED", $"search {id} cannot go on: {refusal}");
        }

        var reopened = await storage.ReopenAsync(id, admission.Readmit, cancellationToken);
        if (reopened.ImagesDropped)
        {
            throw RpcErrors.FailedPrecondition("IMAGES_NOT_KEPT", $"the images of search {id} are no longer kept: all that it paid would be paid again");
        }

        await queue.AddReopenedAsync(id, reopened.Place, cancellationToken);
    }
}
