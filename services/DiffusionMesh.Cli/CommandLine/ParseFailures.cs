using System.CommandLine;
using System.CommandLine.Parsing;
using DiffusionMesh.Cli.Documents;

namespace DiffusionMesh.Cli.CommandLine;

/// <summary>Says what is wrong with a command line.</summary>
internal static class ParseFailures
{
    public static CommandFailure Of(ParseResult parse)
    {
        var command = parse.CommandResult.Command is RootCommand ? "dmesh" : $"dmesh {parse.CommandResult.Command.Name}";
        var severalWords = parse.CommandResult.Command.Name == "search" && parse.UnmatchedTokens.Any(word => !word.StartsWith('-'));
        return new CommandFailure(ExitCode.BadArguments, "bad arguments")
        {
            Violations = [.. parse.Errors.Select(ToViolation).Distinct()],
            Remedy = severalWords
                ? "A prompt of several words goes into quotation marks."
                : $"'{command} --help' explains every option.",
        };
    }

    private static ViolationSection ToViolation(ParseError error) =>
        new((error.SymbolResult as OptionResult)?.Option.Name, null, error.Message);
}
