using System.Runtime.InteropServices;

namespace DiffusionMesh.Cli.CommandLine;

/// <summary>Ctrl-C, SIGTERM and the end of the terminal: the first asks for a clean end, the second ends at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource requested = new();
    private readonly CancellationTokenSource forced = new();
    private readonly PosixSignalRegistration[] registrations;
    private int signals;

    public Interruption() => registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
    ];

    /// <summary>Cancelled by the first signal: stop, and keep what is paid for.</summary>
    public CancellationToken Requested => requested.Token;

    /// <summary>Cancelled by the second signal, just before the process ends: kill what was started.</summary>
    public CancellationToken Forced => forced.Token;

    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }

        requested.Dispose();
        forced.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref signals) == 1)
        {
            requested.Cancel();
            return;
        }

        forced.Cancel();
        Environment.Exit(ExitCode.Interrupted);
    }
}
