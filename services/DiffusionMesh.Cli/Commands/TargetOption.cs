using System.CommandLine;

namespace DiffusionMesh.Cli.Commands;

internal static class TargetOption
{
    public static Option<string?> Create() => new("--target")
    {
        HelpName = "ADDRESS",
        Description = "Orchestrator to use, for example http://127.0.0.1:5100, or several: static:///10.0.0.1:8080,10.0.0.2:8080. Default: start the services, and stop them at the end.",
    };
}
