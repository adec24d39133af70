using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.DenoiserV1;
using Grpc.Core;
using Grpc.Net.Client;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh models list|load|unload</c>: what one denoiser serves, and changes to it while it runs.</summary>
internal static class DenoiserCommands
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    public static IEnumerable<Command> Create(Interruption interruption) => [List(interruption), Load(interruption), Unload(interruption)];

    private static Command List(Interruption interruption)
    {
        var command = new Command("list", "Lists the models of a denoiser, all versions of them.");
        SetAction(command, interruption, async (_, channel, cancellationToken) => (await new DenoiserService.DenoiserServiceClient(channel).ListModelsAsync(
            new ListModelsRequest(), deadline: DateTime.UtcNow + AnswerTime, cancellationToken: cancellationToken)).Models);
        return command;
    }

    private static Command Load(Interruption interruption)
    {
        var folder = new Argument<string>("FOLDER") { Description = "Name of a folder in the denoiser's model repository." };
        var command = new Command(
            "load", "Has a running denoiser load a model, or another version of one. It serves once this command ends; if it fails, what served before serves on.")
        {
            folder,
        };
        SetAction(command, interruption, async (parse, channel, cancellationToken) => [(await new ModelAdminService.ModelAdminServiceClient(channel)
            .LoadModelAsync(new LoadModelRequest { Folder = parse.GetValue(folder) }, cancellationToken: cancellationToken)).Model]);
        return command;
    }

    private static Command Unload(Interruption interruption)
    {
        var model = new Argument<string>("MODEL") { Description = "NAME, for all its versions, or NAME@VERSION." };
        var command = new Command("unload", "Takes a model out of service. Ends when the calls it has are finished and its memory is given back.") { model };
        SetAction(command, interruption, async (parse, channel, cancellationToken) =>
        {
            var parts = parse.GetValue(model)!.Split('@', 2);
            var request = new UnloadModelRequest { Name = parts[0], Version = parts.ElementAtOrDefault(1) ?? "" };
            return (await new ModelAdminService.ModelAdminServiceClient(channel).UnloadModelAsync(request, cancellationToken: cancellationToken)).Models;
        });
        return command;
    }

    private static void SetAction(
        Command command, Interruption interruption, Func<ParseResult, GrpcChannel, CancellationToken, Task<IReadOnlyList<Model>>> call)
    {
        var denoiser = new Option<string>("--denoiser")
        {
            HelpName = "ADDRESS",
            Description = "The denoiser, for example http://127.0.0.1:5101.",
            Required = true,
        };
        command.Add(denoiser);
        command.SetAction(async (parse, _) =>
        {
            var address = parse.GetValue(denoiser)!;
            using var channel = MeshChannel.Open(address, denoiser.Name);
            try
            {
                var models = await call(parse, channel, interruption.Requested);
                Write([.. models.Select(MeshMapping.ToSection)], Terminal.For(parse.GetValue(DmeshCommand.Json)));
                return ExitCode.Done;
            }
            catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.Unimplemented or StatusCode.DeadlineExceeded)
            {
                throw new CommandFailure(ExitCode.Failed, $"no denoiser answers at {address}: {error.Status.Detail}");
            }
        });
    }

    private static void Write(IReadOnlyList<ModelSection> models, Terminal terminal)
    {
        if (terminal.Json)
        {
            Terminal.WriteJson(Console.Out, new ModelsDocument(models), DocumentJson.Legible.ModelsDocument);
        }
        else
        {
            MeshTables.Write(models, terminal.Results);
        }
    }
}
