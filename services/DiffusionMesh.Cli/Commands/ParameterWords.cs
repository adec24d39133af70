using DiffusionMesh.Cli.CommandLine;

namespace DiffusionMesh.Cli.Commands;

/// <summary>Reads parameters of an algorithm, written <c>name=value</c>.</summary>
internal static class ParameterWords
{
    /// <exception cref="CommandFailure">A word has no name, or a name comes twice.</exception>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<string> words)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw CommandFailure.BadArgument("--param", $"'{word}' is not of the form NAME=VALUE");
            }

            if (!parameters.TryAdd(word[..equals], word[(equals + 1)..]))
            {
                throw CommandFailure.BadArgument("--param", $"'{word[..equals]}' is given twice");
            }
        }

        return parameters;
    }
}
