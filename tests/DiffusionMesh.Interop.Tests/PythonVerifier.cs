using System.Diagnostics;

namespace DiffusionMesh.Interop.Tests;

/// <summary>The verifier of <c>samples/verifier-python</c>, as a process.</summary>
internal sealed class PythonVerifier : IAsyncDisposable
{
    private const string Announcement = "listening ";

    private readonly Process _process;

    private PythonVerifier(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>Starts it and waits until it serves.</summary>
    /// <param name="stubs">What it imports.</param>
    /// <param name="prefers">"bright" or "dark".</param>
    /// <param name="port">Where it listens; 0 lets the system choose.</param>
    public static async Task<PythonVerifier> StartAsync(PythonStubs stubs, string prefers, int port = 0)
    {
        var start = new ProcessStartInfo(
            PythonStubs.Python, ["-B", Repository.Sample("verifier-python/verifier.py"), $"127.0.0.1:{port}", prefers])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["PYTHONPATH"] = stubs.Folder;
        var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var line = await process.StandardOutput.ReadLineAsync(limit.Token);
        Assert.StartsWith(Announcement, line, StringComparison.Ordinal);
        return new PythonVerifier(process, int.Parse(line!.AsSpan(Announcement.Length)));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
