using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Searching;

namespace DiffusionMesh.Cli.Tests.Searching;

public sealed class RunDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("dmesh-tests-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Prepare_ANewFolder_MakesItAndLeavesNothingInIt()
    {
        var path = Path.Combine(_root, "a", "b");

        var directory = RunDirectory.Prepare(path);

        Assert.Equal(path, directory.PathFor("id"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(path));
    }

    [Fact]
    public void Close_WhatAnotherCommandUses_IsLeft()
    {
        var directory = RunDirectory.Prepare(Path.Combine(_root, "out"));
        Directory.CreateDirectory(directory.Data);
        var file = Path.Combine(directory.Data, "lock");
        using (new FileStream(file, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            directory.Close();
            Assert.True(File.Exists(file));
        }

        directory.Close();
        Assert.False(Directory.Exists(directory.Data));
    }

    [Fact]
    public void Prepare_AFile_IsRefused()
    {
        var path = Path.Combine(_root, "file");
        File.WriteAllText(path, "mine");

        Refused(path, "it is a file");
        Assert.Equal("mine", File.ReadAllText(path));
    }

    [Fact]
    public void Prepare_AFolderBelowAFile_IsRefused()
    {
        File.WriteAllText(Path.Combine(_root, "file"), "");

        Refused(Path.Combine(_root, "file", "out"), "cannot write");
    }

    [Fact]
    public void Prepare_WhatTheSystemRefuses_EndsItsSentenceOnce()
    {
        File.WriteAllText(Path.Combine(_root, "file"), "");

        var failure = Assert.Throws<CommandFailure>(() => RunDirectory.Prepare(Path.Combine(_root, "file", "out")));

        Assert.DoesNotContain("..", Assert.Single(failure.Violations).Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search.json")]
    [InlineData("best.png")]
    public void Prepare_AFolderWithAnEarlierRun_IsRefused(string earlier)
    {
        File.WriteAllText(Path.Combine(_root, earlier), "");

        Refused(_root, "holds an earlier run");
    }

    [Fact]
    public void Prepare_AFolderWithOtherFiles_IsTaken()
    {
        File.WriteAllText(Path.Combine(_root, "notes.txt"), "");

        Assert.Equal(_root, RunDirectory.Prepare(_root).PathFor("id"));
    }

    [Fact]
    public void RemoveUnused_AfterNothingWasWritten_RemovesWhatWasMade()
    {
        var directory = RunDirectory.Prepare(Path.Combine(_root, "a", "b"));

        directory.Close();

        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    [Fact]
    public void RemoveUnused_AfterFilesWereWritten_KeepsThem()
    {
        var directory = RunDirectory.Prepare(Path.Combine(_root, "a"));
        File.WriteAllText(Path.Combine(directory.PathFor("id"), "best.png"), "");

        directory.Close();

        Assert.True(File.Exists(Path.Combine(_root, "a", "best.png")));
    }

    private static void Refused(string path, string why)
    {
        var failure = Assert.Throws<CommandFailure>(() => RunDirectory.Prepare(path));
        Assert.Equal(ExitCode.BadArguments, failure.ExitCode);
        Assert.Contains(why, Assert.Single(failure.Violations).Description, StringComparison.Ordinal);
    }
}
