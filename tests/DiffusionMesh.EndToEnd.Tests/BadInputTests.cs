using System.Text.Json.Nodes;

namespace DiffusionMesh.EndToEnd.Tests;

public sealed class BadInputTests(Services services) : IClassFixture<Services>
{
    private const string Boot = "a photo of an ankle boot";

    public static TheoryData<string, string[]> Refused => new()
    {
        { "zebra", ["search", "a photo of a zebra"] },
        { "PROMPT is empty", ["search", ""] },
        { "not both", ["search", Boot, "--class", "3"] },
        { "a PROMPT in quotation marks", ["search"] },
        { "--class", ["search", "--class", "99"] },
        { "--budget", ["search", Boot, "--budget", "1"] },
        { "clip", ["search", Boot, "--verifier", "clap"] },
        { "euler", ["search", Boot, "--sampler", "eular"] },
        { "random", ["search", Boot, "--algorithm", "randon"] },
        { "fashion-flow", ["search", Boot, "--model", "fashion-flaw"] },
        { "--param", ["search", Boot, "--param", "no-such=1"] },
        { "NAME=VALUE", ["search", Boot, "--param", "word"] },
        { "of at least 1", ["search", Boot, "--steps", "0"] },
        { "--steps", ["search", Boot, "--steps", "2000000000"] },
        { "of at least 1", ["search", Boot, "--k-best", "0"] },
        { "--k-best", ["search", Boot, "--k-best", "2000000000"] },
        { "--budget", ["search", Boot, "--budget", "9223372036854775807"] },
        { "a whole number", ["search", Boot, "--budget", "many"] },
        { "a number", ["search", Boot, "--guidance", "NaN"] },
        { "--frobnicate", ["search", Boot, "--frobnicate"] },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Search_WithABadArgument_SaysWhatIsWrongAndExitsWith2(string says, string[] arguments)
    {
        using var folder = new Folder();

        var ended = await Dmesh.RunAsync(folder.Path, [.. arguments, "--json", "--target", services.Orchestrator]);

        Assert.True(ended.ExitCode == 2, $"{ended.ExitCode}: {ended.Output}{ended.Errors}");
        var violation = JsonNode.Parse(ended.Errors)!["error"]!["violations"]![0]!;
        Assert.Contains(says, $"{violation["option"]} {violation["description"]}", StringComparison.Ordinal);
        Assert.Empty(ended.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Search_IntoAFile_IsRefusedBeforeAnythingStarts()
    {
        using var folder = new Folder();
        File.WriteAllText(folder["taken"], "mine");

        var ended = await Dmesh.RunAsync(folder.Path, "search", Boot, "--out", "taken");

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("it is a file", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Starting", ended.Errors, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder["taken"]));
    }

    [Fact]
    public async Task Search_WhoseServicesAreNotReadyInTime_NamesThemAndTheOption()
    {
        using var folder = new Folder();

        var ended = await Dmesh.RunAsync(folder.Path, "search", Boot, "--start-timeout", "0.001");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("not ready after 0.001 s: denoiser, verifier-clip", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("--start-timeout", ended.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Search_WhereNoFolderCanBeMade_FailsBeforeAnythingStarts()
    {
        using var folder = new Folder();
        File.WriteAllText(folder["runs"], "mine");

        var ended = await Dmesh.RunAsync(folder.Path, "demo");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("--out DIR", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Starting", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_OnAnAddressWhereNobodyAnswers_SaysSo()
    {
        using var folder = new Folder();

        var ended = await Dmesh.RunAsync(folder.Path, "search", Boot, "--target", $"127.0.0.1:{MeshPorts.Free()}");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("no orchestrator answers", ended.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
