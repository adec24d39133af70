using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh cancel</c>: stops a search that waits or runs.</summary>
internal static class CancelCommand
{
    public static Command Create(Interruption interruption) => SearchIdCommand.Create(
        "cancel",
        "Stops a search that waits or runs; what it has finished is kept, and 'dmesh resume' goes on with it. One that has ended is left as it is.",
        interruption,
        async (searches, id, options) => Came((await searches.CancelSearchAsync(new CancelSearchRequest { SearchId = id }, options)).Search),
        id => new CancelledDocument(id),
        DocumentJson.Legible.CancelledDocument);

    // To what it came.
    private static string Came(SearchMessage search) =>
        !search.HasEnded() ? "Stopping" : search.State == SearchState.Cancelled ? "Stopped" : "Ended";
}
