using System.Diagnostics;
using System.Text.Json;

namespace DiffusionMesh.Feed.Tests.Feed;

/// <summary>What a project file says once MSBuild has evaluated it; nothing is restored or built.</summary>
internal sealed record Evaluation(
    IReadOnlyDictionary<string, string?> Versions, IReadOnlyList<string> Packages, IReadOnlyList<string> Projects)
{
    public static async Task<Evaluation> OfAsync(string project, bool upstreamFeed)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "msbuild", project, "-nologo", $"-p:UpstreamFeed={upstreamFeed}",
                "-getItem:PackageVersion", "-getItem:PackageReference", "-getItem:ProjectReference",
            },
            RedirectStandardOutput = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(inherited);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);

        using var items = JsonDocument.Parse(output);
        var all = items.RootElement.GetProperty("Items");
        return new Evaluation(
            all.GetProperty("PackageVersion").EnumerateArray()
                .ToDictionary(item => Metadata(item, "Identity")!, item => Metadata(item, "Version"), StringComparer.OrdinalIgnoreCase),
            [.. all.GetProperty("PackageReference").EnumerateArray().Select(item => Metadata(item, "Identity")!)],
            [.. all.GetProperty("ProjectReference").EnumerateArray().Select(item => Metadata(item, "FullPath")!)]);
    }

    private static string? Metadata(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) ? value.GetString() : null;
}
