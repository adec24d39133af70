using System.Globalization;
using DiffusionMesh.Cli.CommandLine;

namespace DiffusionMesh.Cli.Mesh;

/// <summary>Denoiser, verifiers and orchestrator as processes of this machine.</summary>
internal sealed class LocalMesh : IAsyncDisposable
{
    // Of the embedded ones.
    private const string DefaultModel = "fashion-flow";

    private readonly List<HostProcess> _hosts = [];
    private readonly Action<string, string> _log;
    private readonly CancellationTokenRegistration _killing;

    private LocalMesh(Action<string, string> log, Interruption interruption)
    {
        _log = log;
        _killing = interruption.Forced.Register(KillAll);
    }

    /// <summary>How long services may take until they are ready; set before any is started.</summary>
    public static TimeSpan StartTime { get; set; }

    public Uri Orchestrator { get; private set; } = null!;

    /// <summary>Null if none was started.</summary>
    public Uri? Denoiser { get; private set; }

    /// <summary>Addresses of the verifiers, by name.</summary>
    public IReadOnlyDictionary<string, Uri> Verifiers { get; private set; } = null!;

    /// <summary>Starts the services and waits until they are ready.</summary>
    /// <param name="parts">Those to start, beside the orchestrator.</param>
    /// <param name="ports">Where they listen.</param>
    /// <param name="settings">Of the orchestrator, for example <c>DataDirectory=DIR</c>.</param>
    /// <param name="log">Gets the name of a service and a line that it wrote, from any thread.</param>
    /// <param name="interruption">Its first signal gives up, its second kills the services.</param>
    public static async Task<LocalMesh> StartAsync(
        Parts parts, MeshPorts ports, IReadOnlyList<string> settings, Action<string, string> log, Interruption interruption)
    {
        var mesh = new LocalMesh(log, interruption);
        try
        {
            await mesh.StartHostsAsync(parts, ports, settings, interruption.Requested);
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes with the first host that ends by itself.</summary>
    public async Task<HostProcess> FirstEndAsync()
    {
        var ended = await Task.WhenAny(_hosts.Select(host => host.Exited));
        return _hosts.First(host => host.Exited == ended);
    }

    /// <summary>The hosts that have ended by themselves.</summary>
    public IEnumerable<HostProcess> Ended => _hosts.Where(host => host.Exited.IsCompleted);

    public async ValueTask DisposeAsync()
    {
        // The orchestrator first: it still calls the others.
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.DisposeAsync();
        }

        await _killing.DisposeAsync();
    }

    private async Task StartHostsAsync(
        Parts parts, MeshPorts ports, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartTime);
        try
        {
            var denoiser = parts.Denoiser ? Start("denoiser", "denoiser", "DiffusionMesh.Denoiser", ports.Denoiser) : null;
            var scorers = parts.Verifiers.Select(verifier => (
                verifier.Name,
                Host: Start(verifier.Service, verifier.Folder, verifier.Assembly, ports.Of(verifier), verifier.Arguments))).ToArray();
            Denoiser = denoiser is null ? null : await denoiser.ListeningAsync(limit.Token);
            var addresses = new Dictionary<string, Uri>(StringComparer.Ordinal);
            foreach (var (name, host) in scorers)
            {
                addresses.Add(name, await host.ListeningAsync(limit.Token));
            }

            Verifiers = addresses;
            var orchestrator = Start(
                "orchestrator",
                "orchestrator",
                "DiffusionMesh.Orchestrator",
                ports.Orchestrator,
                [
                    .. Denoiser is null ? Array.Empty<string>() : [$"--Orchestrator:Denoiser={Authority(Denoiser)}"],
                    $"--Orchestrator:DefaultModel={DefaultModel}",
                    .. settings.Select(setting => $"--Orchestrator:{setting}"),
                    .. addresses.Select(verifier => $"--Orchestrator:Verifiers:{verifier.Key}={Authority(verifier.Value)}"),
                ]);
            Orchestrator = await orchestrator.ListeningAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NotReady([.. _hosts.Where(host => !host.IsListening)]);
        }
    }

    private static CommandFailure NotReady(HostProcess[] awaited) => new(
        ExitCode.Failed,
        string.Create(CultureInfo.InvariantCulture, $"not ready after {StartTime.TotalSeconds:0.###} s: {string.Join(", ", awaited.Select(host => host.Name))}"))
    {
        Remedy = "Give them more time with --start-timeout SECONDS, if their machine has much else to do.",
        Logs = awaited.ToDictionary(host => host.Name, host => host.Tail),
    };

    private HostProcess Start(string name, string folder, string assembly, int port, params IEnumerable<string> arguments)
    {
        var host = HostProcess.Start(name, folder, assembly, arguments.Prepend($"--urls={MeshPorts.Url(port)}"), line => _log(name, line));
        _hosts.Add(host);
        return host;
    }

    private static string Authority(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private void KillAll()
    {
        foreach (var host in _hosts)
        {
            host.Kill();
        }
    }

    /// <summary>What runs beside the orchestrator.</summary>
    internal sealed record Parts(IReadOnlyList<VerifierHost> Verifiers, bool Denoiser = true);
}
