using System.Runtime.InteropServices;

namespace DiffusionMesh.Cli.CommandLine;

/// <summary>Ctrl-C, SIGTERM and the end of the terminal: the first asks for a clean end, the second ends at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly CancellationTokenSource _forced = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
    ];

    /// <summary>Cancelled by the first signal: stop, and keep what is paid for.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <summary>Cancelled by the second signal, just before the process ends: kill what was started.</summary>
    public CancellationToken Forced => _forced.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _requested.Dispose();
        _forced.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _signals) == 1)
        {
            _requested.Cancel();
            return;
        }

        _forced.Cancel();
        Environment.Exit(ExitCode.Interrupted);
    }
}
