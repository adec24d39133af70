using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Mesh;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh models</c>: what the denoiser and the verifiers serve, and changes to the models of one denoiser.</summary>
internal static class ModelsCommand
{
    public static Command Create(Interruption interruption)
    {
        var command = new Command("models", "Lists the models, verifiers and algorithms that a search can name.");
        var target = TargetOption.Create();
        command.Add(target);
        foreach (var ofDenoiser in DenoiserCommands.Create(interruption))
        {
            command.Add(ofDenoiser);
        }

        command.SetAction(async (parse, _) =>
        {
            var terminal = Terminal.For(parse.GetValue(DmeshCommand.Json));
            await using var mesh = await MeshAccess.OpenAsync(
                parse.GetValue(target), VerifierHost.All.Select(verifier => verifier.Name), data: null, terminal, interruption);
            var description = await mesh.DescribeAsync(interruption.Requested);
            Write(description.ToDocument(), terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(MeshDocument mesh, Terminal terminal)
    {
        if (terminal.Json)
        {
            Terminal.WriteJson(Console.Out, mesh, DocumentJson.Legible.MeshDocument);
        }
        else
        {
            MeshTables.Write(mesh, terminal.Results);
        }
    }
}
