using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Searching;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh replay</c>: runs a finished search again from nothing and compares bit for bit.</summary>
internal static class ReplayCommand
{
    public static Command Create(Interruption interruption)
    {
        var command = new Command(
            "replay",
            "Runs a finished search again from nothing and compares everything bit for bit. Exit codes: 0 identical, 1 anything differs, 2 not compared.");
        var what = new KeptSearchOptions();
        what.AddTo(command);
        command.SetAction((parse, _) =>
        {
            var (search, target) = what.Read(parse);
            return ReplayRun.RunAsync(search, target, Terminal.For(parse.GetValue(DmeshCommand.Json)), interruption);
        });
        return command;
    }
}
