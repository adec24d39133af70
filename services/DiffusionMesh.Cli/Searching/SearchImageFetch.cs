using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Report;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Imaging;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Fetches the pictures that the results show.</summary>
internal static class SearchImageFetch
{
    private const int AtOnce = 8;

    public static async Task<SearchImages> RunAsync(
        SearchService.SearchServiceClient searches, SearchDocument document, TimeSpan answerTime)
    {
        var best = new List<ReadOnlyMemory<byte>>();
        if (document.Best is { } first)
        {
            foreach (var (rank, result) in document.RunnersUp.Prepend(first).Index())
            {
                // The winner by its empty identifier: that is its final run, if there was one.
                var image = await FetchAsync(rank == 0 ? "" : result.Candidate, ImageFormat.Png);
                best.Add(image.Png.Memory);
            }
        }

        var candidates = new Dictionary<string, CandidateImage>(StringComparer.Ordinal);
        foreach (var chunk in SearchImages.InGrid(document).Chunk(AtOnce))
        {
            foreach (var image in await Task.WhenAll(chunk.Select(candidate => FetchAsync(candidate.Id, ImageFormat.Pixels))))
            {
                candidates[image.CandidateId] = CandidateImage.Of(ToImage(image));
            }
        }

        return new SearchImages(best, candidates);

        async Task<GetSearchImageResponse> FetchAsync(string candidateId, ImageFormat format) => await searches.GetSearchImageAsync(
            new GetSearchImageRequest { SearchId = document.Search.Id, CandidateId = candidateId, Format = format },
            deadline: DateTime.UtcNow + answerTime,
            cancellationToken: CancellationToken.None);
    }

    private static PixelImage ToImage(GetSearchImageResponse answer)
    {
        var shape = answer.Pixels.Shape;
        return new PixelImage((int)shape[1], (int)shape[0], (int)shape[2], TensorMapping.Pixels(answer.Pixels));
    }
}
