using DiffusionMesh.Contracts;
using DiffusionMesh.Search;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Finds the images of a search.</summary>
internal static class SearchImages
{
    /// <param name="candidateId">Empty for the best one, after the final run if there was one.</param>
    /// <exception cref="RpcException">
    /// NOT_FOUND: there is no such candidate. FAILED_PRECONDITION: nothing is scored, it is not sampled, or its image is no
    /// longer kept.
    /// </exception>
    public static (string CandidateId, SampleImage Image) Find(SearchRecord record, string candidateId)
    {
        if (candidateId.Length == 0)
        {
            return record.Best() is { } best
                ? (SearchResultMapping.CandidateId(best.Candidate), best.Image)
                : throw RpcErrors.FailedPrecondition("NO_BEST", "the search has no best candidate yet, or none was scored");
        }

        var exists = false;
        var image = SearchResultMapping.CandidateNumber(candidateId) is { } number ? record.ImageOf(number, out exists) : null;
        if (!exists)
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"candidate_id: search {record.Id} has no candidate '{candidateId}'"));
        }

        return image is null
            ? throw RpcErrors.FailedPrecondition("NO_IMAGE", $"candidate {candidateId} is not sampled, or its image is no longer kept")
            : (candidateId, image);
    }
}
