using System.Text.Json;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Report;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Writes the results of a search to its folder.</summary>
internal static class ResultFiles
{
    /// <summary>What programs read.</summary>
    public const string Document = "search.json";

    /// <summary>The document in a folder; null if there is none that can be read.</summary>
    public static SearchDocument? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(folder, Document)), DocumentJson.Legible.SearchDocument);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The names of the files in a folder, in the order in which they are written.</summary>
    public static IReadOnlyList<string> Of(string folder, int images) =>
    [
        .. new[] { "report.html" }
            .Concat(Enumerable.Range(0, images).Select(SearchDocumentMapping.BestImageFile))
            .Concat(["candidates.png", "score-nfe.svg", Document])
            .Where(file => File.Exists(Path.Combine(folder, file))),
    ];

    /// <returns>The names of the files, the one to look at first.</returns>
    public static IReadOnlyList<string> Write(string folder, SearchDocument document, SearchImages images)
    {
        var figure = ScoreFigure.Draw(document);
        var files = new List<string>();
        Write("report.html", ReportPage.Write(document, images, figure));
        foreach (var (rank, png) in images.Best.Index())
        {
            WriteBytes(SearchDocumentMapping.BestImageFile(rank), png.Span);
        }

        if (CandidateGrid.Draw(document, images) is { } grid)
        {
            WriteBytes("candidates.png", grid);
        }

        Write("score-nfe.svg", figure);

        // Last: where it is, the run is complete.
        Write(Document, JsonSerializer.Serialize(document, DocumentJson.Legible.SearchDocument) + "\n");
        return files;

        void Write(string name, string text)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
            files.Add(name);
        }

        void WriteBytes(string name, ReadOnlySpan<byte> bytes)
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            files.Add(name);
        }
    }
}
