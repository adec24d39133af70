using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Searching;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh rescore</c>: scores what a search has kept with other verifiers, without sampling anything.</summary>
internal static class RescoreCommand
{
    public static Command Create(Interruption interruption)
    {
        var command = new Command(
            "rescore", "Scores the images that a search has kept with other verifiers, and says which are the best by them. Nothing is sampled: it takes no NFE.");
        var what = new KeptSearchOptions();
        var verifiers = new Option<string[]>("--verifier")
        {
            HelpName = "NAME[=ADDRESS][:WEIGHT]",
            Description = "Verifier that scores; repeat for several, which then choose together as those of the search did.",
            Required = true,
        };
        what.AddTo(command);
        command.Add(verifiers);
        command.SetAction((parse, _) =>
        {
            var (search, target) = what.Read(parse);
            return RescoreRun.RunAsync(
                search,
                target,
                [.. parse.GetValue(verifiers)!.Select(VerifierWords.Read)],
                Terminal.For(parse.GetValue(DmeshCommand.Json)),
                interruption);
        });
        return command;
    }
}
