using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Contracts.SearchV1;
using Spectre.Console;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh cancel</c>: stops a search that waits or runs.</summary>
internal static class CancelCommand
{
    public static Command Create(Interruption interruption) => SearchIdCommand.Create(
        "cancel",
        "Stops a search that waits or runs; what it has finished is kept, and 'dmesh resume' goes on with it. One that has ended is left as it is.",
        interruption,
        async (searches, id, options) => await searches.CancelSearchAsync(new CancelSearchRequest { SearchId = id }, options),
        (id, terminal) =>
        {
            if (terminal.Json)
            {
                Terminal.WriteJson(Console.Out, new CancelledDocument(id), DocumentJson.Legible.CancelledDocument);
            }
            else
            {
                terminal.Results.WriteLine($"Stopped  {id}");
            }
        });
}
