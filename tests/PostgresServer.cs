using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace DiffusionMesh.Tests;

/// <summary>
/// A PostgreSQL of a test process's own, in a temporary folder and reached over a socket in it. It ends with the process.
/// </summary>
internal sealed class PostgresServer
{
    // Of pg_ctl, in seconds: a machine may have much else to do.
    private const string Patience = "--timeout=600";

    private static readonly Lazy<Task<PostgresServer>> SharedServer = new(StartAsync);

    private readonly string _folder;
    private int _databases;

    private PostgresServer(string folder) => _folder = folder;

    /// <summary>Why tests that need it are skipped; null if they run.</summary>
    public static string? Skip => OutsideCi.Skip(Binaries is null, "PostgreSQL is not installed (Debian: apt-get install postgresql)");

    /// <summary>One for all tests of the process that do not stop it.</summary>
    public static Task<PostgresServer> Shared => SharedServer.Value;

    private static string? Binaries { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    private string Data => Path.Combine(_folder, "data");

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer(Directory.CreateTempSubdirectory("dmesh-pg-").FullName);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", ["postgres", server._folder]);
        }

        await server.ToolAsync("initdb", $"--pgdata={server.Data}", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync");
        await server.StartAgainAsync();
        server.EndWithThisProcess();
        return server;
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string for Npgsql.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"d{Interlocked.Increment(ref _databases)}";
        await ToolAsync("createdb", $"--host={_folder}", "--username=postgres", name);
        return $"Host={_folder};Username=postgres;Database={name}";
    }

    /// <param name="mode">Of pg_ctl: fast disconnects clients, immediate is a crash.</param>
    public async Task StopAsync(string mode)
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await ToolAsync("pg_ctl", "stop", $"--pgdata={Data}", $"--mode={mode}", "--wait", Patience);
        }
    }

    public Task StartAgainAsync() => ToolAsync(
        "pg_ctl", "start", $"--pgdata={Data}", "--wait", Patience, $"--log={Path.Combine(_folder, "log")}",
        $"--options=-c listen_addresses='' -c unix_socket_directories='{_folder}' -c max_connections=500");

    // However the process ends: a test host is often killed.
    private void EndWithThisProcess()
    {
        const string watch = """
            exec >/dev/null 2>&1 </dev/null
            while kill -0 "$1"; do sleep 1; done
            kill -QUIT "$(head -n 1 "$2/data/postmaster.pid")"
            while [ -e "$2/data/postmaster.pid" ] && kill -0 "$(head -n 1 "$2/data/postmaster.pid")"; do sleep 1; done
            rm -rf "$2"
            """;
        using var watching = Process.Start("/bin/sh", ["-c", watch, "sh", $"{Environment.ProcessId}", _folder]);
    }

    private Task ToolAsync(string tool, params string[] arguments)
    {
        var path = Path.Combine(Binaries ?? throw new InvalidOperationException("PostgreSQL is not installed"), tool);
        return Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, string[] arguments, [CallerArgumentExpression(nameof(arguments))] string what = "")
    {
        // What is started inherits no pipe of ours: a server would keep it open.
        var log = Path.GetTempFileName();
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", log, program, .. arguments]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        var output = await File.ReadAllTextAsync(log);
        File.Delete(log);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ({what}) ended with {process.ExitCode}: {output}");
        }
    }
}
