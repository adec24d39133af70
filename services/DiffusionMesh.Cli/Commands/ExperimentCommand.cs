using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Experiments;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh experiment</c>: runs a matrix of searches and writes figures.</summary>
internal static class ExperimentCommand
{
    public static Command Create(Interruption interruption)
    {
        var command = new Command(
            "experiment",
            "Runs a matrix of searches (algorithm x verifier x budget x seed x condition) and writes results.csv, summary.json and report.html. "
            + "Started again it runs only what is missing.");
        var file = new Argument<string>("FILE") { Description = "The experiment, a YAML file; the files under experiments/ are examples." };
        var output = new Option<string?>("--out") { HelpName = "DIR", Description = "Folder for the results; it is gone on with if it holds some. Default: runs/<name of the experiment>." };
        var store = new Option<string?>("--store") { HelpName = "DIR", Description = "Folder of the finished runs; experiments that share it share what they both need. Default: the folder for the results." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Check the file against the services, say what would be run and how long it would take, and run nothing. Default: off." };
        var target = TargetOption.Create();
        command.Add(file);
        foreach (Option option in (Option[])[output, store, dryRun, target])
        {
            command.Add(option);
        }

        command.SetAction((parse, _) => ExperimentRun.RunAsync(
            new ExperimentArguments(
                parse.GetValue(file)!, parse.GetValue(output), parse.GetValue(store), parse.GetValue(target), parse.GetValue(dryRun)),
            Terminal.For(parse.GetValue(DmeshCommand.Json)),
            interruption));
        return command;
    }
}
