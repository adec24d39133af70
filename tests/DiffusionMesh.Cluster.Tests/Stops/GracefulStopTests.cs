using DiffusionMesh.Cluster.Tests.Kills;
using DiffusionMesh.Cluster.Tests.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Tests;
using Grpc.Net.Client;

namespace DiffusionMesh.Cluster.Tests.Stops;

/// <summary>One of two denoisers or verifiers gets SIGTERM while a search uses them.</summary>
public sealed class GracefulStopTests(LocalServices services) : IClassFixture<LocalServices>
{
    [ClusterFact]
    public Task Denoiser_StoppedInMidSearch_WastesNothing() =>
        ProveAsync(services.StartDenoiserAsync, (denoisers, verifier) => (denoisers, verifier), services.VerifierAddress);

    [ClusterFact]
    public Task Verifier_StoppedInMidSearch_WastesNothing() =>
        ProveAsync(services.StartVerifierAsync, (verifiers, denoiser) => (denoiser, verifiers), services.DenoiserAddress);

    // The result of the search is that of one whose services all stayed.
    private async Task ProveAsync(
        Func<int, Task<HostProcess>> start, Func<string, string, (string Denoiser, string Verifier)> addresses, string other)
    {
        var (stays, goes) = (FreePorts.Take(), FreePorts.Take());
        await using var staying = await start(stays);
        await using var going = await start(goes);
        var port = FreePorts.Take();
        var (denoiser, verifier) = addresses($"static:///127.0.0.1:{stays},127.0.0.1:{goes}", other);
        await using var orchestrator = await services.StartOrchestratorAsync(
            port,
            [
                $"--Orchestrator:DataDirectory={services.DataDirectory()}",
                $"--Orchestrator:Denoiser={denoiser}",
                $"--Orchestrator:Verifiers:clip={verifier}",

                // A call that is slow for another reason would be made twice.
                "--Mesh:HedgePercent=0",
            ]);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var client = new SearchService.SearchServiceClient(channel);
        var undisturbed = await Answer.OfAsync(await (await SearchRun.StartAsync([client], Specs.Long())).EndAsync(), client);

        var run = await SearchRun.StartAsync([client], Specs.Long());
        await run.SeesCandidatesAsync(5);
        var exit = await going.StopAsync();
        var answer = await Answer.OfAsync(await run.EndAsync(), client);

        Assert.True(exit == 0 && !going.Log.Contains("handed back", StringComparison.Ordinal), going.Log);
        undisturbed.AssertSame(answer, losses: 0);
        Assert.Empty(answer.Outcome.Degradations);
    }
}
