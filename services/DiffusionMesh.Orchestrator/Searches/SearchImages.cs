using DiffusionMesh.Contracts;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Search;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Finds the images of a search.</summary>
internal sealed class SearchImages(ISearchStorage storage, SearchViews views)
{
    /// <param name="candidateId">Empty for the best one, after the final run if there was one.</param>
    /// <exception cref="RpcException">
    /// NOT_FOUND: there is no such candidate. FAILED_PRECONDITION: nothing is scored, it is not sampled, or its image is no
    /// longer kept.
    /// </exception>
    public async Task<(string CandidateId, SampleImage Image)> FindAsync(
        StoredSearch search, string candidateId, CancellationToken cancellationToken)
    {
        var id = search.Header.Id;
        var fold = await views.OfAsync(search, cancellationToken);
        var (candidate, digest) = candidateId.Length == 0 ? Best(fold) : (candidateId, Digest(fold, candidateId));
        var image = digest.Length > 0 && fold.SegmentOf(digest) is { } segment
            ? await storage.FindImageAsync(id, segment.Image, cancellationToken)
            : null;
        return image is not null ? (candidate, image)
            : digest.Length == 0 ? throw RpcErrors.FailedPrecondition("NO_IMAGE", $"candidate {candidate} is not sampled")
            : throw RpcErrors.FailedPrecondition("IMAGES_NOT_KEPT", $"{What(search, candidate)}. Replay the search to have its images made anew");
    }

    private static string What(StoredSearch search, string candidate) => search.ImagesDropped
        ? $"the images of search {search.Header.Id} are no longer kept: they were deleted for their age"
        : $"the image of candidate {candidate} of search {search.Header.Id} is not kept, or was altered";

    private static (string CandidateId, string Digest) Best(SearchFold fold) =>
        fold.ToMessage(candidates: false).Best is [var best, ..]
            ? (best.CandidateId, best.PixelDigest)
            : throw RpcErrors.FailedPrecondition("NO_BEST", "the search has no best candidate yet, or none was scored");

    private static string Digest(SearchFold fold, string candidateId) =>
        SearchResultMapping.CandidateNumber(candidateId) is { } number && fold.CandidateAt(number) is { } candidate
            ? candidate.PixelDigest
            : throw new RpcException(new Status(
                StatusCode.NotFound, $"candidate_id: search {fold.Header.Id} has no candidate '{candidateId}'"));
}
