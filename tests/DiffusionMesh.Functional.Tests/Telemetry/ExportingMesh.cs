using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using Grpc.Net.Client;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>An orchestrator as a process that exports to a collector.</summary>
internal sealed class ExportingMesh : IAsyncDisposable
{
    private readonly HostProcess _orchestrator;
    private readonly GrpcChannel _channel;

    private ExportingMesh(OtlpCollector collector, HostProcess orchestrator)
    {
        (Collector, _orchestrator, _channel) = (collector, orchestrator, GrpcChannel.ForAddress(orchestrator.Address));
        Client = new SearchService.SearchServiceClient(_channel);
    }

    public OtlpCollector Collector { get; }

    public SearchService.SearchServiceClient Client { get; }

    public static async Task<ExportingMesh> StartAsync(
        OtlpCollector collector, Uri denoiser, IEnumerable<(string Name, Uri Address)> verifiers, params IEnumerable<string> arguments) => new(
            collector,
            await HostProcess.StartAsync(
                "DiffusionMesh.Orchestrator",
                collector.Address,
                [
                    $"--Orchestrator:Denoiser={denoiser}",
                    .. verifiers.Select(verifier => $"--Orchestrator:Verifiers:{verifier.Name}={verifier.Address}"),
                    "--Orchestrator:RetryDelayMilliseconds=1",
                    .. arguments,
                ]));

    /// <summary>Runs a search to its end and waits until its spans were exported.</summary>
    public async Task<(SearchMessage Search, SearchSpans Spans)> RunAsync(SearchSpec spec)
    {
        var created = (await Client.CreateSearchAsync(new CreateSearchRequest { Spec = spec })).Search;
        return (await EndAsync(created.Id), await SearchSpans.OfAsync(Collector, created.Id, runs: 1));
    }

    /// <summary>Waits for the end of a search.</summary>
    public async Task<SearchMessage> EndAsync(string id)
    {
        using var watch = Client.WatchSearch(new WatchSearchRequest { SearchId = id });
        return (await watch.ResponseStream.ReadAllAsync().LastAsync()).SearchFinished;
    }

    public Task KillAsync() => _orchestrator.KillAsync();

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _orchestrator.DisposeAsync();
    }
}
