using DiffusionMesh.Contracts.SearchV1;
using Grpc.Net.Client;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Benchmarks.Hosts;

/// <summary>Denoiser, verifiers and orchestrator as processes.</summary>
internal sealed class MeshUnderTest : IDisposable
{
    private readonly IReadOnlyCollection<HostUnderTest> _verifiers;
    private readonly DirectoryInfo _data;
    private readonly GrpcChannel _channel;

    private MeshUnderTest(HostUnderTest denoiser, IReadOnlyCollection<HostUnderTest> verifiers, HostUnderTest orchestrator, DirectoryInfo data)
    {
        (Denoiser, _verifiers, Orchestrator, _data) = (denoiser, verifiers, orchestrator, data);
        _channel = GrpcChannel.ForAddress(orchestrator.Address);
        Searches = new SearchService.SearchServiceClient(_channel);
    }

    public HostUnderTest Denoiser { get; }

    public HostUnderTest Orchestrator { get; }

    public SearchService.SearchServiceClient Searches { get; }

    /// <param name="denoiser">Being started.</param>
    /// <param name="verifiers">Being started, by name.</param>
    /// <param name="arguments">Further ones for the orchestrator.</param>
    public static async Task<MeshUnderTest> StartAsync(
        Task<HostUnderTest> denoiser,
        IReadOnlyDictionary<string, Task<HostUnderTest>> verifiers,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken)
    {
        var hosts = await Task.WhenAll(verifiers.Values.Prepend(denoiser));
        var data = Directory.CreateTempSubdirectory("dmesh-benchmark-");
        var orchestrator = await HostUnderTest.StartAsync(
            "orchestrator",
            "DiffusionMesh.Orchestrator",
            [
                $"--Orchestrator:Denoiser={hosts[0].Address}",
                $"--Orchestrator:DataDirectory={data.FullName}",
                $"--Orchestrator:DefaultModel={EmbeddedModel.Name}",
                .. verifiers.Keys.Zip(hosts.Skip(1), (name, host) => $"--Orchestrator:Verifiers:{name}={host.Address}"),
                .. arguments,
            ],
            cancellationToken);
        return new MeshUnderTest(hosts[0], hosts[1..], orchestrator, data);
    }

    /// <summary>Starts a search and follows it to its end.</summary>
    /// <returns>The search and how many events told of it.</returns>
    public async Task<(SearchMessage Search, int Events)> SearchAsync(SearchSpec spec, CancellationToken cancellationToken)
    {
        var created = await Searches.CreateSearchAsync(new CreateSearchRequest { Spec = spec }, cancellationToken: cancellationToken);
        using var watch = Searches.WatchSearch(new WatchSearchRequest { SearchId = created.Search.Id }, cancellationToken: cancellationToken);
        var events = 0;
        while (await watch.ResponseStream.MoveNext(cancellationToken))
        {
            events++;
            if (watch.ResponseStream.Current.SearchFinished is { } ended)
            {
                return ended.State == SearchState.Succeeded ? (ended, events) : throw new InvalidOperationException($"the search ended as {ended.State}: {ended.Error}");
            }
        }

        throw new InvalidOperationException("the search was lost");
    }

    public void Dispose()
    {
        // The orchestrator first: it calls the others.
        _channel.Dispose();
        Orchestrator.Dispose();
        Denoiser.Dispose();
        foreach (var verifier in _verifiers)
        {
            verifier.Dispose();
        }

        _data.Delete(recursive: true);
    }
}
