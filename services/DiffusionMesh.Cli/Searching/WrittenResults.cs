using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Contracts;

namespace DiffusionMesh.Cli.Searching;

/// <summary>The results of a search that is complete, as they lie in its folder.</summary>
internal sealed class WrittenResults
{
    private readonly string _folder;
    private readonly SearchDocument _document;

    private WrittenResults(string folder, SearchDocument document) => (_folder, _document) = (folder, document);

    /// <returns>Null if the search is not complete, or not all of its results were written.</returns>
    public static WrittenResults? Of(KeptSearch kept)
    {
        if (kept is not { Folder: { } folder, Results: { } results }
            || !KeptEnd.TryRead(folder, out var end)
            || end?.IsComplete() != true
            || ResultFiles.Read(results) is not { } document)
        {
            return null;
        }

        return document.Search.Id == kept.Id && document.Search.EndTime == end.EndTime.ToDateTimeOffset() ? new WrittenResults(results, document) : null;
    }

    public void Show(Terminal terminal) => ResultSummary.Write(_folder, ResultFiles.Of(_folder, 1 + _document.RunnersUp.Count), _document, terminal);
}
