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
    private readonly HostProcess _orchestrator;
    private readonly GrpcChannel _channel;
    private readonly string _folder;

    private ExportingMesh(OtlpCollector collector, HostProcess orchestrator, string folder)
    {
        (Collector, _orchestrator, _folder) = (collector, orchestrator, folder);
        _channel = GrpcChannel.ForAddress(orchestrator.Address);
        Client = new SearchService.SearchServiceClient(_channel);
    }

    public OtlpCollector Collector { get; }

    public SearchService.SearchServiceClient Client { get; }

    public static async Task<ExportingMesh> StartAsync(
        OtlpCollector collector, Uri denoiser, IEnumerable<(string Name, Uri Address)> verifiers, params IEnumerable<string> arguments)
    {
        var folder = Directory.CreateTempSubdirectory("trace-tests-").FullName;
        var orchestrator = await HostProcess.StartAsync(
            "DiffusionMesh.Orchestrator",
            collector.Address,
            [
                $"--Orchestrator:DataDirectory={folder}",
                $"--Orchestrator:Denoiser={denoiser}",
                .. verifiers.Select(verifier => $"--Orchestrator:Verifiers:{verifier.Name}={verifier.Address}"),
                "--Orchestrator:RetryDelayMilliseconds=1",
                .. arguments,
            ]);
        return new ExportingMesh(collector, orchestrator, folder);
    }

    /// <summary>NFE that the journal of a search says were paid, search and final run together, and lost.</summary>
    public (long Paid, long Wasted) JournalOf(string search)
    {
        var entries = File.ReadLines(Path.Combine(_folder, "searches", search, "journal.jsonl")).Select(line => JsonNode.Parse(line)!).ToArray();
        return (
            entries.Sum(entry => long.Parse((string?)entry["segment"]?["nfe"] ?? "0", CultureInfo.InvariantCulture)),
            entries.Sum(entry => long.Parse((string?)entry["wastedNfe"] ?? "0", CultureInfo.InvariantCulture)));
    }

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
        _channel.Dispose();
        await _orchestrator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
