using System.Globalization;
using System.Text.Json;

namespace DiffusionMesh.Deployment.Tests;

public sealed class DockerfileTests
{
    public static TheoryData<string> Projects => [.. DeployedHost.All.Values.Select(host => host.Project).Distinct()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_IsAHostOfThatName(string project)
    {
        var file = Repository.Read($"services/{project}/{project}.csproj");

        Assert.Contains("Microsoft.NET.Sdk.Web", file, StringComparison.Ordinal);
        Assert.DoesNotContain("<AssemblyName>", file, StringComparison.Ordinal);
        Assert.Contains($"services/${{PROJECT}}", Build(), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_UsesThePublishedPackages() => Assert.Contains("-p:UpstreamFeed=true", Build(), StringComparison.Ordinal);

    [Fact]
    public void EntryPoint_IsExecutedWithoutAShellAndExists()
    {
        var command = JsonSerializer.Deserialize<string[]>(Assert.Single(Dockerfile.Arguments("ENTRYPOINT")))!;

        Assert.EndsWith($"ln -s \"${{PROJECT}}\" {Assert.Single(command)}", Build(), StringComparison.Ordinal);
        Assert.Equal("/app", Dockerfile.Arguments("WORKDIR").Last());
        Assert.Contains("--from=build /app .", Dockerfile.Arguments("COPY"));
    }

    [Fact]
    public void Port_IsTheOneThatTheHostListensOn() =>
        Assert.Contains($"ASPNETCORE_HTTP_PORTS={Dockerfile.Port}", Dockerfile.Arguments("ENV"));

    [Fact]
    public void User_IsNotRoot() => Assert.True(int.Parse(Dockerfile.User, CultureInfo.InvariantCulture) > 0);

    [Fact]
    public void CopiedFiles_ExistAndAreNotIgnored()
    {
        var included = Repository.Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..].Trim()).ToArray();
        var copied = Dockerfile.Arguments("COPY").Where(arguments => !arguments.StartsWith("--from", StringComparison.Ordinal))
            .SelectMany(arguments => arguments.Split(' ')[..^1])
            .Select(path => path.TrimEnd('/'))
            .ToArray();

        Assert.NotEmpty(copied);
        Assert.All(copied, path => Assert.True(Path.Exists(Repository.PathOf(path)), path));
        Assert.Equal(copied.Order(), included.Order());
    }

    [Theory]
    [InlineData("cpu", "mcr.microsoft.com/dotnet/aspnet:")]
    [InlineData("cuda", "nvidia/cuda:")]
    public void Processor_HasARuntimeOfItsOwn(string processor, string image)
    {
        var stage = Assert.Single(Dockerfile.Arguments("FROM"), stage => stage.EndsWith($" AS runtime-{processor}", StringComparison.Ordinal)).Split(' ')[0];
        var defaults = Dockerfile.Arguments("ARG").Select(argument => argument.Split('=')).Where(argument => argument.Length == 2);

        Assert.StartsWith(image, defaults.Aggregate(stage, (text, argument) => text.Replace($"${{{argument[0]}}}", argument[1], StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("runtime-${PROCESSOR}", Dockerfile.Arguments("FROM").Last());
        Assert.Contains("PROCESSOR=cpu", Dockerfile.Arguments("ARG"));
    }

    private static string Build() => Assert.Single(Dockerfile.Arguments("RUN"), run => run.Contains("dotnet publish", StringComparison.Ordinal));
}
