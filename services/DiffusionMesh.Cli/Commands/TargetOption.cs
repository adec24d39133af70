using System.CommandLine;

namespace DiffusionMesh.Cli.Commands;

internal static class TargetOption
{
    public static Option<string?> Create() => new("--target")
    {
        HelpName = "ADDRESS",
        Description = "Orchestrator to use, for example http://127.0.0.1:5100. Default: start the services, and stop them at the end.",
    };
}
