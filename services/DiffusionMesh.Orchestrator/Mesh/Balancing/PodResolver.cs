using System.Net;
using System.Net.Sockets;
using DiffusionMesh.Transport;
using Grpc.Net.Client.Balancer;

namespace DiffusionMesh.Orchestrator.Mesh.Balancing;

/// <summary>Looks a name up.</summary>
/// <exception cref="SocketException">The name is not known, or could not be looked up.</exception>
internal delegate Task<IPAddress[]> NameLookUp(string host, CancellationToken cancellationToken);

/// <summary>
/// Finds the pods behind a DNS name, such as that of a headless Service: every few seconds, and at once when a connection
/// is lost. Where the name cannot be looked up, the pods known last are kept.
/// </summary>
internal sealed partial class PodResolver(string host, int port, NameLookUp lookUp, TimeSpan refresh, ILoggerFactory loggers)
    : PollingResolver(loggers, new Backoff(refresh))
{
    // However many connections are lost at once.
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(200);

    private readonly ILogger _logger = loggers.CreateLogger<PodResolver>();
    private string[] _known = [];
    private Timer? _timer;
    private long _last;

    protected override void OnStarted() => _timer = new Timer(_ => Refresh(), state: null, refresh, refresh);

    protected override async Task ResolveAsync(CancellationToken cancellationToken)
    {
        var pause = LeastPause - TimeSpan.FromMilliseconds(Environment.TickCount64 - _last);
        if (_last > 0 && pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, cancellationToken);
        }

        _last = Environment.TickCount64;
        IPAddress[] addresses;
        try
        {
            addresses = await lookUp(host, cancellationToken);
        }
        catch (SocketException error) when (_known.Length > 0)
        {
            LogKept(_logger, host, _known.Length, error.Message);
            return;
        }

        var found = addresses.Select(address => address.ToString()).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (!found.SequenceEqual(_known))
        {
            var (added, gone) = (string.Join(", ", found.Except(_known)), string.Join(", ", _known.Except(found)));
            LogFound(_logger, host, found.Length, added, gone);
            _known = found;
            Listener(ResolverResult.ForResult([.. found.Select(address => MeshAddress.Balanced(host, address, port))]));
        }
    }

    protected override void Dispose(bool disposing)
    {
        _timer?.Dispose();
        base.Dispose(disposing);
    }

    [LoggerMessage(EventName = "PodsFound", Level = LogLevel.Information, Message = "{Host} has {Count} addresses now; new: {Added}; gone: {Gone}")]
    private static partial void LogFound(ILogger logger, string host, int count, string added, string gone);

    [LoggerMessage(EventName = "PodsKept", Level = LogLevel.Warning, Message = "{Host} could not be looked up, its {Count} known addresses are kept: {Reason}")]
    private static partial void LogKept(ILogger logger, string host, int count, string reason);

    /// <summary>Makes the resolvers of <c>dns:///host:port</c>.</summary>
    public sealed class Factory(NameLookUp lookUp, TimeSpan refresh) : ResolverFactory
    {
        public override string Name => MeshAddress.Dns;

        public override Resolver Create(ResolverOptions options)
        {
            var (host, port) = MeshAddress.Pods(options.Address).Single();
            return new PodResolver(host, port, lookUp, refresh, options.LoggerFactory);
        }
    }

    // A name that was never found is looked up as often as one that was.
    private sealed class Backoff(TimeSpan delay) : IBackoffPolicyFactory, IBackoffPolicy
    {
        public IBackoffPolicy Create() => this;

        public TimeSpan NextBackoff() => delay;
    }
}
