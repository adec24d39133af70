using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using Spectre.Console;

namespace DiffusionMesh.Cli.Commands;

/// <summary>A command that asks the orchestrator that keeps a search to do one thing with it.</summary>
internal static class SearchIdCommand
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    /// <param name="ask">Makes the call for the search of an identifier, and says in one word what became of it.</param>
    /// <param name="document">What scripts are told of the search, with its <paramref name="type"/>.</param>
    public static Command Create<T>(
        string name,
        string description,
        Interruption interruption,
        Func<SearchService.SearchServiceClient, string, CallOptions, Task<string>> ask,
        Func<string, T> document,
        JsonTypeInfo<T> type)
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
            string became;
            try
            {
                became = await ask(mesh.Searches, search, new CallOptions(deadline: DateTime.UtcNow + AnswerTime, cancellationToken: interruption.Requested));
            }
            catch (RpcException error) when (!interruption.Requested.IsCancellationRequested)
            {
                throw mesh.Explain(error);
            }

            if (terminal.Json)
            {
                Terminal.WriteJson(Console.Out, document(search), type);
            }
            else
            {
                terminal.Results.WriteLine($"{became,-9}{search}");
            }

            return ExitCode.Done;
        });
        return command;
    }
}
