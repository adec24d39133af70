using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>The command as a process of its own, in a process group of its own as a shell would give it.</summary>
internal sealed class Dmesh : IAsyncDisposable
{
    /// <summary>For a whole search on a machine that does other things as well.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly ConcurrentQueue<(Func<string, bool> IsIt, TaskCompletionSource Seen)> _awaited = new();
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
    public Task WritesAsync(string text) => SeesAsync(line => line.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Waits until it has written a line that holds nothing else, to either stream.</summary>
    public Task WritesLineAsync(string whole) => SeesAsync(line => line == whole, whole);

    /// <summary>The hosts that it has started.</summary>
    public IReadOnlyList<Process> Hosts() =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == Id)
            .Select(Process.GetProcessById)];

    /// <summary>Presses Ctrl-C: a terminal sends the signal to the whole group.</summary>
    public Task PressCtrlCAsync() => RunAsync("kill", "-INT", "--", $"-{Id}");

    public Task SignalAsync(string signal) => SignalAsync(signal, Id);

    public static Task SignalAsync(string signal, int process) => RunAsync("kill", signal, "--", $"{process}");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    // Null if it has ended meanwhile.
    private static int? ParentOf(int id)
    {
        try
        {
            var state = File.ReadAllText($"/proc/{id}/stat");

            // The name, in parentheses, may hold anything; the state and the parent follow.
            return int.Parse(state[(state.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task SeesAsync(Func<string, bool> isIt, string what)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited.Enqueue((isIt, seen));
        if (Output.Split('\n').Any(isIt) || Errors.Split('\n').Any(isIt))
        {
            return;
        }

        await Task.WhenAny(seen.Task, _reading).WaitAsync(Patience);
        Assert.True(seen.Task.IsCompleted, $"it ended without writing '{what}':\n{Output}\n{Errors}");
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

            foreach (var (isIt, seen) in _awaited)
            {
                if (isIt(line))
                {
                    seen.TrySetResult();
                }
            }
        }
    }
}

/// <summary>How a run of the command ended.</summary>
internal sealed record Ended(int ExitCode, string Output, string Errors);
