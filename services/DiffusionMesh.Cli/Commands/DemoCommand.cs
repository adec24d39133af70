using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Searching;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh demo</c>: the services, a search over the embedded models, and a report, in one command.</summary>
internal static class DemoCommand
{
    public const string Prompt = "a photo of an ankle boot";

    public static Command Create(Interruption interruption)
    {
        var command = new Command("demo", $"Starts the services, searches for '{Prompt}' with the embedded models, and writes a report.");
        var options = new RunOptions();
        options.AddTo(command);
        command.SetAction((parse, _) => SearchRun.RunAsync(
            new SearchArguments { Prompt = Prompt, Seed = options.Seed(parse) },
            options.Output(parse),
            target: null,
            Terminal.For(parse.GetValue(DmeshCommand.Json)),
            interruption));
        return command;
    }
}
