using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Functional.Tests.Telemetry;
using Grpc.Core;
using Grpc.Net.Client;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Kills;

/// <summary>An orchestrator as a process that can be killed, over a database.</summary>
internal sealed class OrchestratorProcess : IAsyncDisposable
{
    private readonly GrpcChannel _channel;

    private OrchestratorProcess(HostProcess host)
    {
        Host = host;
        _channel = GrpcChannel.ForAddress(host.Address);
        Client = new SearchService.SearchServiceClient(_channel);
    }

    public HostProcess Host { get; }

    public SearchService.SearchServiceClient Client { get; }

    public static async Task<OrchestratorProcess> StartAsync(
        IEnumerable<(string Name, string Value)> environment, params IEnumerable<string> arguments) =>
        new(await HostProcess.StartAsync("DiffusionMesh.Orchestrator", environment, ["--Orchestrator:RetryDelayMilliseconds=1", .. arguments]));

    /// <summary>Whether it is the one that an event names as the owner of its search.</summary>
    public bool Is(SearchStarted started) => started.Orchestrator.Split('/') is [_, var process, _] && process == $"{Host.Id}";

    public async Task<SearchMessage> CreateAsync(SearchSpec spec) =>
        (await Client.CreateSearchAsync(new CreateSearchRequest { Spec = spec })).Search;

    public async Task<SearchMessage> GetAsync(string id) => (await Client.GetSearchAsync(new GetSearchRequest { SearchId = id })).Search;

    /// <summary>Follows a search to its end.</summary>
    public async Task<List<WatchSearchResponse>> WatchAsync(string id, long after = 0)
    {
        using var watch = Client.WatchSearch(new WatchSearchRequest { SearchId = id, AfterEvent = after });
        return await watch.ResponseStream.ReadAllAsync().ToListAsync();
    }

    /// <summary>Follows a search to the first event of a kind.</summary>
    public async Task<WatchSearchResponse> UntilAsync(string id, Func<WatchSearchResponse, bool> isIt)
    {
        using var watch = Client.WatchSearch(new WatchSearchRequest { SearchId = id });
        return await watch.ResponseStream.ReadAllAsync().FirstAsync(isIt);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Host.DisposeAsync();
    }
}
