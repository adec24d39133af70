using System.Globalization;
using System.Text.Json.Nodes;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using Grpc.Net.Client;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>An orchestrator as a process that exports to a collector.</summary>
internal sealed class ExportingMesh : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string[] _arguments;
    private HostProcess _orchestrator = null!;
    private GrpcChannel _channel = null!;

    private ExportingMesh(OtlpCollector collector, string folder, string[] arguments) =>
        (Collector, _folder, _arguments) = (collector, folder, arguments);

    public OtlpCollector Collector { get; }

    public SearchService.SearchServiceClient Client { get; private set; } = null!;

    public static async Task<ExportingMesh> StartAsync(
        OtlpCollector collector, Uri denoiser, IEnumerable<(string Name, Uri Address)> verifiers, params IEnumerable<string> arguments)
    {
        var folder = Directory.CreateTempSubdirectory("trace-tests-").FullName;
        var mesh = new ExportingMesh(
            collector,
            folder,
            [
                $"--Orchestrator:DataDirectory={folder}",
                $"--Orchestrator:Denoiser={denoiser}",
                .. verifiers.Select(verifier => $"--Orchestrator:Verifiers:{verifier.Name}={verifier.Address}"),
                "--Orchestrator:RetryDelayMilliseconds=1",
                .. arguments,
            ]);
        await mesh.StartOrchestratorAsync();
        return mesh;
    }

    /// <summary>Kills the orchestrator; another one goes on with its searches.</summary>
    public async Task KillAsync()
    {
        await _orchestrator.KillAsync();
        await StopAsync();
        await StartOrchestratorAsync();
    }

    /// <summary>Stops the orchestrator as an operator does; another one goes on with its searches.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartOrchestratorAsync();
    }

    /// <summary>NFE that the journal of a search says were paid, search and final run together, and lost.</summary>
    public (long Paid, long Wasted) JournalOf(string search)
    {
        var entries = File.ReadLines(Path.Combine(_folder, "searches", search, "journal.jsonl")).Select(line => JsonNode.Parse(line)!).ToArray();
        return (
            entries.Sum(entry => long.Parse((string?)entry["segment"]?["nfe"] ?? "0", CultureInfo.InvariantCulture)),
            entries.Sum(entry => long.Parse((string?)entry["wastedNfe"] ?? "0", CultureInfo.InvariantCulture)));
    }

    /// <summary>How many lines the journal of a search has.</summary>
    public long LinesOf(string search) => File.ReadLines(Path.Combine(_folder, "searches", search, "journal.jsonl")).LongCount();

    /// <summary>Runs a search to its end and waits until its spans were exported: spans, ledger and journal say the same.</summary>
    public async Task<(SearchMessage Search, SearchSpans Spans)> RunAsync(SearchSpec spec)
    {
        var created = (await Client.CreateSearchAsync(new CreateSearchRequest { Spec = spec })).Search;
        var (search, spans) = (await EndAsync(created.Id), await SearchSpans.OfAsync(Collector, created.Id, runs: 1));
        spans.AssertAddUpTo(search.Ledger);
        Assert.Equal(JournalOf(search.Id), (search.Ledger.NfeSearch + search.Ledger.NfeFinal, search.Ledger.NfeWasted));
        return (search, spans);
    }

    /// <summary>Waits for the end of a search.</summary>
    public async Task<SearchMessage> EndAsync(string id)
    {
        using var watch = Client.WatchSearch(new WatchSearchRequest { SearchId = id });
        return (await watch.ResponseStream.ReadAllAsync().LastAsync()).SearchFinished;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartOrchestratorAsync()
    {
        _orchestrator = await HostProcess.StartAsync("DiffusionMesh.Orchestrator", Collector.Address, _arguments);
        _channel = GrpcChannel.ForAddress(_orchestrator.Address);
        Client = new SearchService.SearchServiceClient(_channel);
    }

    private async Task StopAsync()
    {
        _channel.Dispose();
        await _orchestrator.DisposeAsync();
    }
}
