using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Searching;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh search</c>: runs a search and writes its results.</summary>
internal static class SearchCommand
{
    public static Command Create(Interruption interruption)
    {
        var command = new Command("search", "Searches for the noise that shows a prompt or a class best, and writes a report.");
        var what = new SearchOptions();
        var run = new RunOptions();
        var target = TargetOption.Create();
        what.AddTo(command);
        run.AddTo(command);
        command.Add(target);
        command.SetAction((parse, _) => SearchRun.RunAsync(
            what.Read(parse, run.Seed(parse)),
            run.Output(parse),
            parse.GetValue(target),
            Terminal.For(parse.GetValue(DmeshCommand.Json)),
            interruption));
        return command;
    }
}
