using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using Spectre.Console;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh delete</c>: deletes a search that an orchestrator keeps.</summary>
internal static class DeleteCommand
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    public static Command Create(Interruption interruption)
    {
        var command = new Command("delete", "Deletes a search that has ended, with its journal and images.");
        var id = new Argument<string>("ID") { Description = "Identifier of the search." };
        var target = new Option<string?>("--target")
        {
            HelpName = "ADDRESS",
            Description = $"Orchestrator that keeps the search. Default: {MeshPorts.DefaultOrchestrator}, that of 'dmesh up'.",
        };
        command.Add(id);
        command.Add(target);
        command.SetAction(async (parse, _) =>
        {
            var terminal = Terminal.For(parse.GetValue(DmeshCommand.Json));
            var search = parse.GetValue(id)!;
            await using var mesh = await MeshAccess.OpenAsync(
                parse.GetValue(target) ?? MeshPorts.DefaultOrchestrator, verifiers: [], data: null, terminal, interruption);
            try
            {
                await mesh.Searches.DeleteSearchAsync(
                    new DeleteSearchRequest { SearchId = search }, deadline: DateTime.UtcNow + AnswerTime, cancellationToken: interruption.Requested);
            }
            catch (RpcException error) when (!interruption.Requested.IsCancellationRequested)
            {
                throw mesh.Explain(error);
            }

            if (terminal.Json)
            {
                Terminal.WriteJson(Console.Out, new DeletedDocument(search), DocumentJson.Legible.DeletedDocument);
            }
            else
            {
                terminal.Results.WriteLine($"Deleted  {search}");
            }

            return ExitCode.Done;
        });
        return command;
    }
}
