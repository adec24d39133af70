using System.Diagnostics;
using System.Globalization;

namespace DiffusionMesh.Cluster.Tests.Kills;

/// <summary>A host on loopback, as a process of its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _log = [];
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];
    private bool _isGone;

    private HostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Task Exited => _process.WaitForExitAsync();

    public bool HasExited => _isGone || _process.HasExited;

    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log.TakeLast(60));
            }
        }
    }

    /// <summary>Waits until its log holds a text.</summary>
    public Task WritesAsync(string text)
    {
        lock (_log)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, seen));
            Tell(_log);
            return seen.Task.WaitAsync(Patience);
        }
    }

    /// <summary>Starts a host and waits until it is ready, or until it has ended.</summary>
    public static async Task<HostProcess> StartAsync(
        string folder, string assembly, int port, IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet", [
            $"{assembly}.dll", $"--urls=http://127.0.0.1:{port}", "--AnnounceAddress=true", "--ExitWithStandardInput=true", .. arguments])
        {
            WorkingDirectory = Path.Combine(Repository.Hosts, folder),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var host = new HostProcess(Process.Start(start)!);
        await Task.WhenAny(host._listening.Task, host.Exited).WaitAsync(Patience);
        return host;
    }

    /// <summary>Stops it in good order and waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await Tool.RunAsync("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isGone)
        {
            return;
        }

        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _isGone = true;
    }

    private void Read(string? line)
    {
        lock (_log)
        {
            _log.Add(line ?? "");
            Tell(_log.TakeLast(1));
        }

        if (line?.StartsWith("listening ", StringComparison.Ordinal) == true)
        {
            _listening.TrySetResult();
        }
    }

    private void Tell(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            foreach (var (_, seen) in _awaited.Where(awaited => line.Contains(awaited.Text, StringComparison.Ordinal)))
            {
                seen.TrySetResult();
            }
        }
    }
}
