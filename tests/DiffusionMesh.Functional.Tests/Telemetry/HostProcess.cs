using System.Diagnostics;
using System.Globalization;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>A host as a process of its own, which exports what it tells by OTLP.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string Announcement = "listening ";

    private readonly Process _process;

    private HostProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <param name="assembly">For example <c>DiffusionMesh.Denoiser</c>.</param>
    /// <param name="collector">Where it exports to; empty: nowhere.</param>
    public static async Task<HostProcess> StartAsync(string assembly, string collector, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, assembly + ".dll"),
                "--urls=http://127.0.0.1:0", "--AnnounceAddress=true", "--ExitWithStandardInput=true",
                .. arguments,
            ])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector,
                ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
                ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            },
        };
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                return new HostProcess(process, new Uri(line[Announcement.Length..].Trim()));
            }
        }

        throw new InvalidOperationException($"{assembly} ended before it was ready");
    }

    /// <summary>Stops all of its threads, as SIGSTOP does: its connections stay open, and nothing answers.</summary>
    public Task HangAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on.</summary>
    public Task GoOnAsync() => SignalAsync("CONT");

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Stops it; what it has to tell is exported before it ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
