using DiffusionMesh.Cli.Documents;

namespace DiffusionMesh.Cli.CommandLine;

/// <summary>Ends a command with a message for its user.</summary>
internal sealed class CommandFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; init; }

    /// <summary>Arguments that were refused.</summary>
    public IReadOnlyList<ViolationSection> Violations { get; init; } = [];

    /// <summary>The last lines that services wrote, by service.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Logs { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The same with another exit code or another remedy.</summary>
    public CommandFailure With(int? exitCode = null, string? remedy = null) => new(exitCode ?? ExitCode, Message)
    {
        Remedy = remedy ?? Remedy,
        Violations = Violations,
        Logs = Logs,
    };

    public static CommandFailure BadArgument(string option, string description) =>
        new(CommandLine.ExitCode.BadArguments, "bad arguments")
        {
            Violations = [new ViolationSection(option, null, description)],
        };
}
