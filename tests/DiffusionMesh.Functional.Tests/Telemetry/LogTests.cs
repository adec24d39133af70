using DiffusionMesh.Functional.Tests.Orchestrator;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>Lines of the log as a collector gets them.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task Lines_OfASearch_CarryItAndItsCandidates()
    {
        var (lostAnswer, lostScore) = (0, 0);
        var denoiser = new ScriptedDenoiser { BeforeAnswer = (answered, _) => answered == 6 ? Lose(ref lostAnswer) : Task.CompletedTask };
        var verifier = new ScriptedVerifier { Change = (_, call, _) => call == 3 ? Lose(ref lostScore) : Task.CompletedTask };
        await using var collector = await OtlpCollector.StartAsync();
        await using var denoiserHost = await ScriptedServer.StartAsync(denoiser);
        await using var verifierHost = await ScriptedServer.StartAsync(verifier);
        await using var mesh = await ExportingMesh.StartAsync(collector, denoiserHost.Address, [("brightness", verifierHost.Address)]);

        var (search, spans) = await mesh.RunAsync(OrchestratorMesh.Spec());

        await collector.WaitAsync(all => all.Logs.Any(line => line.Message.Contains("ended: ", StringComparison.Ordinal)) && Retries(all).Count() == 2);
        Assert.All(
            collector.Logs.Where(line => line.Message.Contains(search.Id, StringComparison.Ordinal)),
            line => Assert.Equal(("orchestrator", search.Id), (line.Service, line.Attributes[DiffusionMeshTelemetry.SearchId])));
        var known = search.Candidates.Select(candidate => candidate.Id).ToHashSet();
        Assert.All(Retries(collector), line =>
        {
            Assert.Equal(search.Id, line.Attributes[DiffusionMeshTelemetry.SearchId]);
            Assert.Subset(known, ((string)line.Attributes[DiffusionMeshTelemetry.Candidates]).Split(',').ToHashSet());
        });
        Assert.Contains(Retries(collector), line => line.Trace == spans.All[0].Trace);
    }

    private static IEnumerable<ExportedLog> Retries(OtlpCollector collector) =>
        collector.Logs.Where(line => line.Message.Contains("going down", StringComparison.Ordinal) && line.Service == "orchestrator");

    private static Task Lose(ref int lost) => Interlocked.Exchange(ref lost, 1) == 0
        ? throw new RpcException(new Status(StatusCode.Unavailable, "going down"))
        : Task.CompletedTask;
}
