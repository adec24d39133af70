using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Searching;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh resume</c>: goes on with a search that ended before it was done, or that nobody ended.</summary>
internal static class ResumeCommand
{
    public static Command Create(Interruption interruption)
    {
        var command = new Command(
            "resume", "Goes on with a search that was cancelled, ran out of time, failed or was killed. What it paid is not paid again.");
        var what = new KeptSearchOptions();
        var output = new Option<string?>("--out")
        {
            HelpName = "DIR",
            Description = "Folder for the results; must not hold an earlier run. Default: the folder that holds the search's results, else runs/<search id>.",
        };
        what.AddTo(command);
        command.Add(output);
        command.SetAction((parse, _) =>
        {
            var (search, target) = what.Read(parse);
            return ResumeRun.RunAsync(search, target, parse.GetValue(output), Terminal.For(parse.GetValue(DmeshCommand.Json)), interruption);
        });
        return command;
    }
}
