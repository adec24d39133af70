using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;

namespace DiffusionMesh.Cli.Commands;

/// <summary>Options of every command that runs a search.</summary>
internal sealed class RunOptions
{
    private readonly Option<ulong?> _seed = NumberOption.Create(
        "--seed", "N", ulong.MinValue, ulong.MaxValue, "Seed of all noise: the same seed gives the same result. Default: 0.");

    private readonly Option<string?> _output = new("--out")
    {
        HelpName = "DIR",
        Description = "Folder for the results; must not hold an earlier run. Default: runs/<search id>.",
    };

    public void AddTo(Command command)
    {
        command.Add(_seed);
        command.Add(_output);
    }

    public ulong Seed(ParseResult parse) => parse.GetValue(_seed) ?? 0;

    public string? Output(ParseResult parse) => parse.GetValue(_output);
}
