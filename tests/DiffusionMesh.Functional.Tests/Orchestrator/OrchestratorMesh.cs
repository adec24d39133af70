using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator;
using DiffusionMesh.Orchestrator.Mesh;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Condition = DiffusionMesh.Contracts.TensorV1.Condition;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>An orchestrator over given services, and short ways to use it.</summary>
internal sealed class OrchestratorMesh : IAsyncDisposable
{
    private readonly RunningHost[] _others;
    private readonly DirectoryInfo _data;

    private OrchestratorMesh(RunningHost host, RunningHost[] others, DirectoryInfo data)
    {
        (Host, _others, _data) = (host, others, data);
        Client = new SearchService.SearchServiceClient(host.Channel);
    }

    public RunningHost Host { get; }

    public SearchService.SearchServiceClient Client { get; }

    /// <summary>An orchestrator over scripted services, with retries that follow at once.</summary>
    public static async Task<OrchestratorMesh> StartAsync(ScriptedDenoiser denoiser, ScriptedVerifier verifier, params string[] args)
    {
        var denoiserHost = await ScriptedServer.StartAsync(denoiser);
        var verifierHost = await ScriptedServer.StartAsync(verifier);
        return await StartAsync(denoiserHost.Address, [("brightness", verifierHost.Address)], args, denoiserHost, verifierHost);
    }

    /// <summary>An orchestrator over scripted services, with the verifiers by their names.</summary>
    public static async Task<OrchestratorMesh> StartAsync(
        ScriptedDenoiser denoiser,
        IReadOnlyDictionary<string, ScriptedVerifier> verifiers,
        params string[] args)
    {
        var denoiserHost = await ScriptedServer.StartAsync(denoiser);
        var hosts = await Task.WhenAll(verifiers.Values.Select(verifier => ScriptedServer.StartAsync(verifier)));
        return await StartAsync(
            denoiserHost.Address,
            verifiers.Keys.Zip(hosts, (name, host) => (name, host.Address)),
            args,
            [denoiserHost, .. hosts]);
    }

    public static async Task<OrchestratorMesh> StartAsync(
        Uri denoiser,
        IEnumerable<(string Name, Uri Address)> verifiers,
        string[] args,
        params RunningHost[] owned)
    {
        var data = Directory.CreateTempSubdirectory("dmesh-searches-");
        var host = await RunningHost.StartAsync(
            OrchestratorHost.Build,
            [
                $"--Orchestrator:DataDirectory={data.FullName}",
                $"--Orchestrator:Denoiser={denoiser}",
                .. verifiers.Select(verifier => $"--Orchestrator:Verifiers:{verifier.Name}={verifier.Address}"),
                "--Orchestrator:RetryDelayMilliseconds=1",
                .. args,
            ]);
        return new OrchestratorMesh(host, owned, data);
    }

    /// <summary>A search of 12 candidates in rounds of 4, over the scripted services.</summary>
    public static SearchSpec Spec() => new()
    {
        Condition = new Condition { Prompt = "bright" },
        BudgetNfe = 12 * ScriptedDenoiser.Steps,
        Parameters = { ["round_size"] = "4" },
        Verifiers = { new VerifierSelection { Name = "brightness" } },
    };

    /// <summary>The same, over other verifiers.</summary>
    public static SearchSpec Spec(params VerifierSelection[] verifiers)
    {
        var spec = Spec();
        spec.Verifiers.Clear();
        spec.Verifiers.Add(verifiers);
        return spec;
    }

    /// <summary>Asks until so many pods of the denoiser and of each configured verifier are connected: until then calls go to fewer.</summary>
    public async Task ReachAsync(int denoisers, int verifiers = 1)
    {
        var denoiser = Host.App.Services.GetRequiredService<DenoiserMesh>();
        while (denoiser.Pods < denoisers)
        {
            await denoiser.ListModelsAsync(CancellationToken.None);
        }

        var mesh = Host.App.Services.GetRequiredService<VerifierMesh>();
        foreach (var name in mesh.Names)
        {
            using var use = mesh.Use(mesh.AddressOf(new VerifierSelection { Name = name })!);
            while (use.Verifier.Pods < verifiers)
            {
                await use.Verifier.DescribeAsync(CancellationToken.None);
            }
        }
    }

    public async Task<SearchMessage> CreateAsync(SearchSpec spec, string requestId = "") =>
        (await Client.CreateSearchAsync(new CreateSearchRequest { Spec = spec, RequestId = requestId })).Search;

    public async Task<List<WatchSearchResponse>> WatchAsync(string id, long after = 0)
    {
        using var watch = Client.WatchSearch(new WatchSearchRequest { SearchId = id, AfterEvent = after });
        return await watch.ResponseStream.ReadAllAsync().ToListAsync();
    }

    /// <summary>Follows a search to the first event of a kind.</summary>
    public async Task<WatchSearchResponse> WatchUntilAsync(string id, Func<WatchSearchResponse, bool> isIt)
    {
        using var watch = Client.WatchSearch(new WatchSearchRequest { SearchId = id });
        return await watch.ResponseStream.ReadAllAsync().FirstAsync(isIt);
    }

    /// <summary>Creates a search and follows it to its end.</summary>
    public async Task<SearchMessage> RunAsync(SearchSpec spec)
    {
        var search = await CreateAsync(spec);
        return (await WatchAsync(search.Id))[^1].SearchFinished;
    }

    /// <summary>Cancels a search and follows it to its end: the call itself waits for that only so long.</summary>
    public async Task<SearchMessage> CancelAsync(string id)
    {
        await Client.CancelSearchAsync(new CancelSearchRequest { SearchId = id });
        return (await WatchAsync(id))[^1].SearchFinished;
    }

    /// <summary>Runs a search that has ended again, and follows that to its end.</summary>
    public async Task<SearchMessage> ReplayAsync(string id)
    {
        var replay = (await Client.ReplaySearchAsync(new ReplaySearchRequest { SearchId = id })).Search;
        return (await WatchAsync(replay.Id))[^1].SearchFinished;
    }

    /// <summary>Waits until so many candidates of a search are finished.</summary>
    public async Task WaitForCandidatesAsync(string id, int count)
    {
        using var watch = Client.WatchSearch(new WatchSearchRequest { SearchId = id });
        await foreach (var happened in watch.ResponseStream.ReadAllAsync())
        {
            if (happened.Progress.CandidatesDone >= count)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        foreach (var host in _others)
        {
            await host.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }
}
