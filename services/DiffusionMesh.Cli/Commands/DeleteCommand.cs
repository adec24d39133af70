using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh delete</c>: deletes a search that an orchestrator keeps.</summary>
internal static class DeleteCommand
{
    public static Command Create(Interruption interruption) => SearchIdCommand.Create(
        "delete",
        "Deletes a search that has ended, with its journal and images.",
        interruption,
        async (searches, id, options) =>
        {
            await searches.DeleteSearchAsync(new DeleteSearchRequest { SearchId = id }, options);
            return "Deleted";
        },
        id => new DeletedDocument(id),
        DocumentJson.Legible.DeletedDocument);
}
