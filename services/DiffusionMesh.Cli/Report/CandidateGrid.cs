using System.Globalization;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Imaging;

namespace DiffusionMesh.Cli.Report;

/// <summary>The picture <c>candidates.png</c>: candidates best first, their scores beneath, the chosen one framed.</summary>
internal static class CandidateGrid
{
    private const int PictureSide = 96;

    /// <summary>Draws the grid as a PNG file; null if there is no picture to show.</summary>
    public static byte[]? Draw(SearchDocument document, SearchImages images)
    {
        var cells = SearchImages.InGrid(document)
            .Where(candidate => images.Candidates.ContainsKey(candidate.Id))
            .Select(candidate => new ContactSheetCell(
                images.Candidates[candidate.Id].Thumbnail,
                [.. Captions(candidate)],
                candidate.Id == document.Best?.Candidate))
            .ToArray();
        if (cells.Length == 0)
        {
            return null;
        }

        var side = cells.Max(cell => Math.Max(cell.Image.Width, cell.Image.Height));
        return Png.Encode(ContactSheet.Compose(cells, columns: null, scale: Math.Max(1, PictureSide / side)));
    }

    private static IEnumerable<string> Captions(CandidateSection candidate) => candidate.Scores.Count switch
    {
        0 => ["no score"],
        1 => [Score(candidate.Scores.Values.Single())],
        _ => candidate.Scores.Select(score => $"{score.Key} {Score(score.Value)}"),
    };

    private static string Score(double? score) => score?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "no score";
}
