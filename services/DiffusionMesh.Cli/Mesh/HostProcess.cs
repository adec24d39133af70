using System.Diagnostics;
using DiffusionMesh.Cli.CommandLine;

namespace DiffusionMesh.Cli.Mesh;

/// <summary>A host that runs as a child process and ends with this one, however this one ends.</summary>
/// <remarks>
/// The child stops when its standard input ends. This process holds the other end of that pipe, so the operating
/// system closes it even after SIGKILL.
/// </remarks>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string Announcement = "listening ";
    private const int TailLength = 20;
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Action<string> _log;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _tail = new();
    private readonly Task _reading;

    private HostProcess(string name, Process process, Action<string> log)
    {
        Name = name;
        _process = process;
        _log = log;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        Exited = WaitAsync();
    }

    public string Name { get; }

    /// <summary>Whether it has said that it is ready to serve.</summary>
    public bool IsListening => _listening.Task.IsCompletedSuccessfully;

    /// <summary>Completes when the process has ended and everything it wrote is read.</summary>
    public Task Exited { get; }

    /// <summary>The last lines that it wrote.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_tail)
            {
                return [.. _tail];
            }
        }
    }

    /// <param name="name">Of the process, for people.</param>
    /// <param name="folder">Folder of the host under <c>hosts/</c>.</param>
    /// <param name="assembly">Name of its assembly.</param>
    /// <param name="arguments">Configuration, <c>--Key=value</c>.</param>
    /// <param name="log">Gets every line that the host writes, from any thread.</param>
    public static HostProcess Start(string name, string folder, string assembly, IEnumerable<string> arguments, Action<string> log)
    {
        var start = HostFiles.StartInfo(folder, assembly);
        foreach (var argument in arguments.Append("--AnnounceAddress=true").Append("--ExitWithStandardInput=true"))
        {
            start.ArgumentList.Add(argument);
        }

        ProxyBypass.Apply(start.Environment);
        return new HostProcess(name, Process.Start(start)!, log);
    }

    /// <summary>Waits until the host says where it listens, which it does once it is ready to serve.</summary>
    /// <exception cref="CommandFailure">It ended instead.</exception>
    public async Task<Uri> ListeningAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(_listening.Task, Exited).WaitAsync(cancellationToken);
        return IsListening ? await _listening.Task : throw Ended();
    }

    /// <summary>Says that the host has ended although it should not have.</summary>
    public CommandFailure Ended() => new(ExitCode.Failed, $"the {Name} host ended by itself (exit code {_process.ExitCode})")
    {
        Logs = new Dictionary<string, IReadOnlyList<string>> { [Name] = Tail },
    };

    /// <summary>Ends it at once.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <summary>Asks it to stop, and kills it if it takes too long.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await Exited.WaitAsync(StopTime);
        }
        catch (TimeoutException)
        {
            Kill();
            await Exited;
        }

        _process.Dispose();
    }

    private async Task WaitAsync()
    {
        await _process.WaitForExitAsync();
        await _reading;
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (ReferenceEquals(reader, _process.StandardOutput) && line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                _listening.TrySetResult(new Uri(line[Announcement.Length..]));
                continue;
            }

            lock (_tail)
            {
                _tail.Enqueue(line);
                if (_tail.Count > TailLength)
                {
                    _tail.Dequeue();
                }
            }

            _log(line);
        }
    }
}
