using System.Diagnostics;
using System.Globalization;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>A host as a process of its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string Announcement = "listening ";

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly List<string> _log = [];
    private TaskCompletionSource _logged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address => _listening.Task.Result;

    public int Id => _process.Id;

    /// <summary>Starts one that exports what it tells by OTLP.</summary>
    /// <param name="assembly">For example <c>DiffusionMesh.Denoiser</c>.</param>
    /// <param name="collector">Where it exports to; empty: nowhere.</param>
    public static Task<HostProcess> StartAsync(string assembly, string collector, params IEnumerable<string> arguments) => StartAsync(
        assembly,
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
            ("OTEL_BLRP_SCHEDULE_DELAY", "100"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
        ],
        arguments);

    /// <param name="environment">Beside this process's own.</param>
    public static async Task<HostProcess> StartAsync(
        string assembly, IEnumerable<(string Name, string Value)> environment, params IEnumerable<string> arguments)
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
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var host = new HostProcess(Process.Start(start)!);
        return await Task.WhenAny(host._listening.Task, host._process.WaitForExitAsync()) == host._listening.Task
            ? host
            : throw new InvalidOperationException($"{assembly} ended before it was ready: {string.Join('\n', host._log)}");
    }

    /// <summary>Waits until it has logged a line with a text.</summary>
    public async Task LoggedAsync(string text)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_log.Exists(line => line.Contains(text, StringComparison.Ordinal)))
                {
                    return;
                }

                more = _logged.Task;
            }

            await more;
        }
    }

    /// <summary>Stops all of its threads, as SIGSTOP does: its connections stay open, and nothing answers.</summary>
    public Task HangAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on.</summary>
    public Task GoOnAsync() => SignalAsync("CONT");

    /// <summary>Ends it without a chance to do anything about it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops it; what it has to tell is exported before it ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    // To the end: a host whose lines nobody reads would stand still.
    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (line.StartsWith(Announcement, StringComparison.Ordinal))
        {
            _listening.TrySetResult(new Uri(line[Announcement.Length..].Trim()));
        }

        lock (_gate)
        {
            _log.Add(line);
            _logged.SetResult();
            _logged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
