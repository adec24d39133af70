using System.Text.RegularExpressions;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>The instructions of the Dockerfile, continued lines joined.</summary>
internal static partial class Dockerfile
{
    public static IReadOnlyList<(string Name, string Arguments)> Instructions { get; } =
    [
        .. Continuation().Replace(Repository.Read("Dockerfile"), " ")
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' ', 2))
            .Select(parts => (parts[0], parts[1].Trim())),
    ];

    public static string Port => Assert.Single(Arguments("EXPOSE"));

    /// <summary>The user's number: names cannot be checked against runAsNonRoot.</summary>
    public static string User => Assert.Single(Arguments("USER")).Split(':')[0];

    public static IEnumerable<string> Arguments(string name) =>
        Instructions.Where(instruction => instruction.Name == name).Select(instruction => instruction.Arguments);

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continuation();
}
