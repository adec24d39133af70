using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;

namespace DiffusionMesh.Cli.Tests.CommandLine;

public sealed class DmeshCommandTests : IDisposable
{
    private readonly Interruption _interruption = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-command-");

    [Theory]
    [InlineData("--token-file")]
    [InlineData("--ca")]
    [InlineData("--cert", "--key", "missing.key")]
    public void File_ThatIsMissing_IsABadArgumentOfItsOption(string option, params string[] others)
    {
        var parse = DmeshCommand.Create(_interruption).Parse(["models", option, "missing.file", .. others]);

        var failure = Assert.Throws<CommandFailure>(() => ConnectionOptions.Read(parse));

        Assert.Equal(ExitCode.BadArguments, failure.ExitCode);
        var violation = Assert.Single(failure.Violations);
        Assert.Equal(option, violation.Option);
        Assert.Contains("missing.file", violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_OfEveryCommand_SaysEachDefaultOnce()
    {
        var root = DmeshCommand.Create(_interruption);

        Assert.All(Below(root).SelectMany(command => command.Options).Where(option => option.Description?.Contains("Default", StringComparison.Ordinal) == true), option =>
            Assert.False(option.HasDefaultValue && option.ValueType != typeof(bool), $"{option.Name} has its default in its text, and help adds it"));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("localhost", "a name")]
    [InlineData("")]
    public void Certs_ForANameThatIsNone_WritesNothing(params string[] names)
    {
        var parse = DmeshCommand.Create(_interruption).Parse(["certs", "--out", Path.Combine(_folder.FullName, "certs"), .. names.SelectMany(name => new[] { "--name", name })]);

        var failure = Assert.Throws<CommandFailure>(() => parse.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false }));

        Assert.Equal("--name", Assert.Single(failure.Violations).Option);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    public void Dispose()
    {
        _interruption.Dispose();
        _folder.Delete(recursive: true);
    }

    private static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(Below).Prepend(command);
}
