using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using Grpc.Net.Client;

namespace DiffusionMesh.Cli.Mesh;

/// <summary>An orchestrator to talk to: one that runs already, or one started for this command.</summary>
internal sealed class MeshAccess : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    // What a user names to go on with must not be deleted for its age.
    private static readonly string[] KeepAll = ["Retention:Days=0", "Retention:MaxSearches=0", "Retention:ImageDays=0"];

    private readonly string _target;
    private readonly List<GrpcChannel> _channels = [];
    private readonly LocalMesh? _services;
    private readonly HostLogs? _logs;
    private readonly DirectoryInfo? _passing;

    private MeshAccess(string target, GrpcChannel channel, LocalMesh? services, HostLogs? logs, DirectoryInfo? passing)
    {
        _passing = passing;
        _target = target;
        _services = services;
        _logs = logs;
        Searches = Call(channel);
    }

    public SearchService.SearchServiceClient Searches { get; private set; }

    /// <summary>Whether the services run somewhere else, where a connection may break and come back.</summary>
    public bool IsRemote => _services is null;

    /// <param name="target">Address of an orchestrator, or null to start the services.</param>
    /// <param name="verifiers">Names of the verifiers to start.</param>
    /// <param name="data">Folder that keeps the searches of the services; null for one that goes away with them.</param>
    /// <param name="terminal">Is told what goes on.</param>
    /// <param name="interruption">Ends the services it started.</param>
    /// <param name="denoiser">Whether a denoiser is needed.</param>
    public static async Task<MeshAccess> OpenAsync(
        string? target, IEnumerable<string> verifiers, string? data, Terminal terminal, Interruption interruption, bool denoiser = true)
    {
        if (target is not null)
        {
            var channel = await AnsweringOrchestrator.FindAsync(target, interruption.Requested) ?? MeshChannel.Open(target);
            return new MeshAccess(target, channel, null, null, null);
        }

        var hosts = VerifierHost.Named(verifiers);
        terminal.Note($"[dim]Starting {(denoiser ? "denoiser, " : "")}verifiers and orchestrator[/]");
        var logs = new HostLogs();
        var passing = data is null ? Directory.CreateTempSubdirectory("dmesh-") : null;
        try
        {
            var services = await LocalMesh.StartAsync(
                new LocalMesh.Parts(hosts, denoiser), MeshPorts.Any, [$"DataDirectory={data ?? passing!.FullName}", .. KeepAll], logs.Write, interruption);
            var address = services.Orchestrator.GetLeftPart(UriPartial.Authority);
            return new MeshAccess(address, MeshChannel.Open(address), services, logs, passing);
        }
        catch (Exception error)
        {
            if (error is CommandFailure)
            {
                terminal.Note($"[dim]Logs: {logs.Keep()}[/]");
            }

            logs.Dispose();
            passing?.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Asks what a search can name.</summary>
    /// <exception cref="CommandFailure">No orchestrator answers.</exception>
    public async Task<DescribeMeshResponse> DescribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Searches.DescribeMeshAsync(
                new DescribeMeshRequest(), deadline: DateTime.UtcNow + AnswerTime, cancellationToken: cancellationToken);
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Explain(error);
        }
    }

    /// <summary>Goes over to an orchestrator of the target that answers, once one was lost; stays where it is if none does.</summary>
    public async Task ReconnectAsync(CancellationToken cancellationToken)
    {
        if (await AnsweringOrchestrator.FindAsync(_target, cancellationToken) is { } channel)
        {
            Searches = Call(channel);
        }
    }

    /// <summary>Says why a call was lost: a service that has ended, or an address where nobody answers.</summary>
    public CommandFailure Explain(RpcException error)
    {
        if (_services?.Ended.FirstOrDefault() is { } host)
        {
            return WithLogs(host.Ended());
        }

        return Unreachable.Explain(error, _target, IsRemote, MeshChannel.Transport) ?? RpcFailures.Of(error);
    }

    /// <summary>Adds what the services that have ended wrote last, and keeps the files with the rest.</summary>
    public CommandFailure WithLogs(CommandFailure failure) => _services is null
        ? failure
        : new CommandFailure(failure.ExitCode, failure.Message)
        {
            Logs = _services.Ended.ToDictionary(host => host.Name, host => host.Tail),
            Remedy = string.Join('\n', new[] { failure.Remedy, $"The services' logs are in {_logs!.Keep()}." }.OfType<string>()),
        };

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _logs?.Dispose();
        _passing?.Delete(recursive: true);
    }

    private SearchService.SearchServiceClient Call(GrpcChannel channel)
    {
        _channels.Add(channel);
        return new SearchService.SearchServiceClient(channel);
    }
}
