using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace DiffusionMesh.ServiceDefaults.Lifetime;

/// <summary>Leaves Ctrl-C to the process that started this host, and stops on SIGTERM.</summary>
/// <remarks>
/// A terminal sends Ctrl-C to every process of the foreground group. A host that obeyed it would be gone before its
/// parent could end its work in order; it stops when its standard input ends instead.
/// </remarks>
internal sealed class SupervisedLifetime(IHostApplicationLifetime lifetime) : IHostLifetime, IDisposable
{
    private PosixSignalRegistration[] _registrations = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                lifetime.StopApplication();
            }),
        ];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }
}
