using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Searching;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh resume</c>: comes back to a search, whatever became of it.</summary>
internal static class ResumeCommand
{
    public static Command Create(Interruption interruption)
    {
        var command = new Command(
            "resume", "Comes back to a search. One that was cancelled, ran out of time, failed or was killed goes on; what it paid is not paid again. One that runs is watched to its end (Ctrl-C stops it), and the results of a complete one are written.");
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
