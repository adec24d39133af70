namespace DiffusionMesh.Cli.CommandLine;

/// <summary>Words of commands that users can paste.</summary>
internal static class ShellWords
{
    /// <summary>The word as a shell has to read it.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ',' or '=' or ':' or '/')
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A path as short as it can be read from where the user is.</summary>
    public static string Path(string path) =>
        System.IO.Path.GetRelativePath(Environment.CurrentDirectory, path) is var relative && relative.StartsWith("..", StringComparison.Ordinal)
            ? path
            : relative;
}
