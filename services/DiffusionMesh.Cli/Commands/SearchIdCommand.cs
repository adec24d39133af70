using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;

namespace DiffusionMesh.Cli.Commands;

/// <summary>A command that asks the orchestrator that keeps a search to do one thing with it.</summary>
internal static class SearchIdCommand
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    /// <param name="ask">Makes the call for the search of an identifier.</param>
    /// <param name="show">Tells of what was done.</param>
    public static Command Create(
        string name,
        string description,
        Interruption interruption,
        Func<SearchService.SearchServiceClient, string, CallOptions, Task> ask,
        Action<string, Terminal> show)
    {
        var command = new Command(name, description);
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
                await ask(mesh.Searches, search, new CallOptions(deadline: DateTime.UtcNow + AnswerTime, cancellationToken: interruption.Requested));
            }
            catch (RpcException error) when (!interruption.Requested.IsCancellationRequested)
            {
                throw mesh.Explain(error);
            }

            show(search, terminal);
            return ExitCode.Done;
        });
        return command;
    }
}
