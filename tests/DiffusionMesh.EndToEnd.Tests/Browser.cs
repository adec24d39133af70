using System.Diagnostics;
using DiffusionMesh.Tests;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>A Chromium without a window.</summary>
internal static class Browser
{
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator)
        .SelectMany(folder => (string[])[System.IO.Path.Combine(folder, "chromium"), System.IO.Path.Combine(folder, "google-chrome")])
        .FirstOrDefault(File.Exists);

    public static async Task ScreenshotAsync(string page, string screenshot)
    {
        using var browser = Process.Start(new ProcessStartInfo(
            Path!,
            ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1100,2400", $"--screenshot={screenshot}", new Uri(page).AbsoluteUri])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = Task.WhenAll(browser.StandardOutput.ReadToEndAsync(), browser.StandardError.ReadToEndAsync());
        await browser.WaitForExitAsync().WaitAsync(Dmesh.Patience);
        Assert.True(File.Exists(screenshot), string.Join('\n', await output));
    }
}

/// <summary>A test that needs a browser: skipped where there is none, but not in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SkippableBrowserFactAttribute : FactAttribute
{
    public SkippableBrowserFactAttribute() => Skip = OutsideCi.Skip(Browser.Path is null, "needs chromium on the PATH");
}
