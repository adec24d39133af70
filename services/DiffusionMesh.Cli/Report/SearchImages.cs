using DiffusionMesh.Cli.Documents;

namespace DiffusionMesh.Cli.Report;

/// <summary>The pictures of a search.</summary>
/// <param name="Best">PNG files of the best, best first, after a final run if there was one.</param>
/// <param name="Candidates">By identifier: the pictures of the candidates that are shown in the grid.</param>
internal sealed record SearchImages(
    IReadOnlyList<ReadOnlyMemory<byte>> Best,
    IReadOnlyDictionary<string, CandidateImage> Candidates)
{
    /// <summary>The grid shows the best of so many candidates at most.</summary>
    public const int MostInGrid = 144;

    /// <summary>The candidates that the grid shows, best first: those that have a picture.</summary>
    public static IReadOnlyList<CandidateSection> InGrid(SearchDocument document) =>
        [.. CandidateRanking.BestFirst(document).Where(candidate => candidate.PixelDigest is not null).Take(MostInGrid)];
}
