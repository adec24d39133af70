using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Brings what came of a search to its folder and to the terminal.</summary>
internal static class SearchResults
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    /// <param name="search">As it ended, with its candidates.</param>
    /// <param name="description">What the services say of themselves.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(
        SearchMessage search, DescribeMeshResponse description, string folder, MeshAccess mesh, Terminal terminal, CancellationToken interrupted)
    {
        await ForeignVerifiers.AddAsync(description, search.Spec.Verifiers, CancellationToken.None);
        var document = search.ToDocument(description);
        var images = await SearchImageFetch.RunAsync(mesh.Searches, document, AnswerTime);
        var files = ResultFiles.Write(folder, document, images);
        ResultSummary.Write(folder, files, document, terminal);
        return ResultExit.Of(search, interrupted.IsCancellationRequested, folder, mesh);
    }
}
