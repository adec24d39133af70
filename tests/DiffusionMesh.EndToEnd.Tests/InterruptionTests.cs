using System.Diagnostics;

namespace DiffusionMesh.EndToEnd.Tests;

public sealed class InterruptionTests : IDisposable
{
    private static readonly string[] LongSearch = ["search", "a photo of an ankle boot", "--steps", "50", "--budget", "20000"];

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Search_OnCtrlC_KeepsWhatIsPaidForAndExitsWith130()
    {
        await using var dmesh = await StartAsync();

        await dmesh.PressCtrlCAsync();
        var ended = await dmesh.EndAsync();

        Assert.True(ended.ExitCode == 130, ended.Errors);
        RunFiles.AssertConsistent(_folder["out"]);
        Assert.Equal("cancelled", (string?)RunFiles.Json(_folder["out"])["search"]!["state"]);
        Assert.NotEmpty(RunFiles.Json(_folder["out"])["candidates"]!.AsArray());
        Assert.Contains("'dmesh resume out' goes on with it", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_OnSigterm_EndsLikeOnCtrlC()
    {
        await using var dmesh = await StartAsync();

        await dmesh.SignalAsync("-TERM");
        var ended = await dmesh.EndAsync();

        Assert.True(ended.ExitCode == 130, ended.Errors);
        RunFiles.AssertConsistent(_folder["out"]);
    }

    [Fact]
    public async Task Search_OnCtrlCTwice_EndsAtOnceWithItsServices()
    {
        await using var dmesh = await StartAsync();
        var hosts = dmesh.Hosts();

        // It does not come to a clean end in between.
        await Dmesh.SignalAsync("-STOP", Host(hosts, "Orchestrator").Id);
        await dmesh.PressCtrlCAsync();
        await dmesh.WritesAsync("once more Ctrl-C ends at once");
        await dmesh.PressCtrlCAsync();

        Assert.Equal(130, (await dmesh.EndAsync()).ExitCode);
        await Task.WhenAll(hosts.Select(host => host.WaitForExitAsync())).WaitAsync(Dmesh.Patience);
    }

    [Fact]
    public async Task Search_WhenAServiceDies_FailsWithItsLogAndKeepsWhatIsPaidFor()
    {
        await using var dmesh = await StartAsync();
        var denoiser = Host(dmesh.Hosts(), "Denoiser");

        denoiser.Kill();
        var ended = await dmesh.EndAsync();

        Assert.True(ended.ExitCode == 1, ended.Errors);
        Assert.Contains("the last lines of denoiser", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("'dmesh resume out' goes on with it", ended.Errors, StringComparison.Ordinal);
        Assert.Equal("failed", (string?)RunFiles.Json(_folder["out"])["search"]!["state"]);
        RunFiles.AssertConsistent(_folder["out"]);
    }

    [Fact]
    public async Task Search_KilledOutright_TakesItsServicesWithIt()
    {
        await using var dmesh = await StartAsync();
        var hosts = dmesh.Hosts();
        Assert.Equal(3, hosts.Count);

        await dmesh.SignalAsync("-KILL");

        await Task.WhenAll(hosts.Select(host => host.WaitForExitAsync())).WaitAsync(Dmesh.Patience);
    }

    private static Process Host(IEnumerable<Process> hosts, string name) =>
        hosts.Single(host => File.ReadAllText($"/proc/{host.Id}/cmdline").Contains($"DiffusionMesh.{name}.dll", StringComparison.Ordinal));

    private async Task<Dmesh> StartAsync()
    {
        var dmesh = Dmesh.Start(_folder.Path, [.. LongSearch, "--out", "out"]);
        await dmesh.WritesAsync("candidates, best score");
        return dmesh;
    }
}
