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
    /// <param name="folder">Names the folder, once there is something to write.</param>
    /// <returns>The folder.</returns>
    public static async Task<string> WriteAsync(
        SearchMessage search, DescribeMeshResponse description, Func<string> folder, MeshAccess mesh, Terminal terminal)
    {
        await ForeignVerifiers.AddAsync(description, search.Spec.Verifiers, CancellationToken.None);
        var document = search.ToDocument(description);
        var images = await SearchImageFetch.RunAsync(mesh.Searches, document, AnswerTime);
        var path = folder();
        var files = ResultFiles.Write(path, document, images);
        ResultSummary.Write(path, files, document, terminal);
        return path;
    }
}
