using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>The command as a process of its own, in a process group of its own as a shell would give it.</summary>
internal sealed class Dmesh : IAsyncDisposable
{
    /// <summary>For a whole search on a machine that does other things as well.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new();
    private readonly Task _reading;

    private Dmesh(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _errors));
    }

    public int Id => _process.Id;

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    private static string Assembly { get; } =
        typeof(Dmesh).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Dmesh").Value!;

    public static Dmesh Start(string folder, params IEnumerable<string> arguments) => StartAssembly(Assembly, folder, arguments);

    /// <summary>Starts one of the hosts that were built with it.</summary>
    /// <param name="host">Folder of the host, under hosts.</param>
    public static Dmesh StartHost(string host, string assembly, params IEnumerable<string> arguments)
    {
        var folder = Path.Combine(Path.GetDirectoryName(Assembly)!, "hosts", host);
        return StartAssembly(Path.Combine(folder, $"{assembly}.dll"), folder, arguments);
    }

    private static Dmesh StartAssembly(string assembly, string folder, IEnumerable<string> arguments)
    {
        // What runs in the background of a shell ignores Ctrl-C, and so would its children.
        var start = new ProcessStartInfo("setsid", ["env", "--default-signal=INT", "dotnet", assembly, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        return new Dmesh(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<Ended> RunAsync(string folder, params IEnumerable<string> arguments)
    {
        await using var dmesh = Start(folder, arguments);
        return await dmesh.EndAsync();
    }

    public async Task<Ended> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _reading.WaitAsync(Patience);
        return new Ended(_process.ExitCode, Output, Errors);
    }

    /// <summary>Waits until it has written the text, to either stream.</summary>
    public async Task WritesAsync(string text)
    {
        var seen = _awaited.GetOrAdd(text, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (Output.Contains(text, StringComparison.Ordinal) || Errors.Contains(text, StringComparison.Ordinal))
        {
            return;
        }

        await Task.WhenAny(seen.Task, _reading).WaitAsync(Patience);
        Assert.True(seen.Task.IsCompleted, $"it ended without writing '{text}':\n{Output}\n{Errors}");
    }

    /// <summary>The hosts that it has started.</summary>
    public IReadOnlyList<Process> Hosts() =>
        [.. File.ReadAllText($"/proc/{Id}/task/{Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Concat(Directory.EnumerateDirectories($"/proc/{Id}/task").Where(task => !task.EndsWith($"/{Id}", StringComparison.Ordinal))
                .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .Select(id => Process.GetProcessById(int.Parse(id, System.Globalization.CultureInfo.InvariantCulture)))];

    /// <summary>Presses Ctrl-C: a terminal sends the signal to the whole group.</summary>
    public Task PressCtrlCAsync() => SignalAsync("-INT", $"-{Id}");

    public Task SignalAsync(string signal) => SignalAsync(signal, $"{Id}");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task SignalAsync(string signal, string target)
    {
        using var kill = Process.Start("kill", [signal, "--", target]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    private static string Text(StringBuilder builder)
    {
        lock (builder)
        {
            return builder.ToString();
        }
    }

    private async Task ReadAsync(StreamReader reader, StringBuilder to)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (to)
            {
                to.AppendLine(line);
            }

            foreach (var (text, seen) in _awaited)
            {
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    seen.TrySetResult();
                }
            }
        }
    }
}

/// <summary>How a run of the command ended.</summary>
internal sealed record Ended(int ExitCode, string Output, string Errors);
