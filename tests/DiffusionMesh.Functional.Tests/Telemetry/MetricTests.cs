using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Functional.Tests.Orchestrator;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>Metrics as a collector gets them.</summary>
public sealed class MetricTests
{
    [Fact]
    public async Task QueueDepth_IsWhatWaitsForARun()
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var denoiser = new ScriptedDenoiser { BeforeAnswer = (_, call) => released.Task.WaitAsync(call.CancellationToken) };
        await using var collector = await OtlpCollector.StartAsync();
        await using var denoiserHost = await ScriptedServer.StartAsync(denoiser);
        await using var verifierHost = await ScriptedServer.StartAsync(new ScriptedVerifier());
        await using var mesh = await ExportingMesh.StartAsync(
            collector, denoiserHost.Address, [("brightness", verifierHost.Address)], "--Orchestrator:MaxRunningSearches=1");

        for (var i = 0; i < 3; i++)
        {
            await mesh.Client.CreateSearchAsync(new CreateSearchRequest { Spec = OrchestratorMesh.Spec() });
        }

        await collector.WaitAsync(all => Last(all, DiffusionMeshTelemetry.SearchQueueDepth) == 2);
        released.SetResult();
        await collector.WaitAsync(all => Last(all, DiffusionMeshTelemetry.SearchQueueDepth) == 0);
    }

    [Fact]
    public async Task Search_TellsWhatItCostAndWhatItWaitedFor()
    {
        var verifier = new ScriptedVerifier();
        await using var collector = await OtlpCollector.StartAsync();
        await using var denoiserHost = await ScriptedServer.StartAsync(new ScriptedDenoiser());
        await using var verifierHost = await ScriptedServer.StartAsync(verifier);
        await using var mesh = await ExportingMesh.StartAsync(collector, denoiserHost.Address, [("brightness", verifierHost.Address)]);

        var (search, _) = await mesh.RunAsync(OrchestratorMesh.Spec());

        // Its end is its last line; every line was waited for, alone or with others.
        var lines = mesh.LinesOf(search.Id);
        await collector.WaitAsync(all => Last(all, "diffusionmesh.journal.append.entries") == lines && Count(all, "diffusionmesh.journal.append.duration") == lines);
        var appends = Final(collector, "diffusionmesh.journal.append.duration");
        Assert.Equal(("s", lines, true), (appends.Unit, appends.Count, appends.Value > 0));
        Assert.InRange(Final(collector, "diffusionmesh.journal.append.entries").Count, 1, lines);

        Assert.Equal(1, Last(collector, "diffusionmesh.search.ended"));
        Assert.Equal(search.Ledger.NfeSearch, Last(collector, "diffusionmesh.search.nfe", (DiffusionMeshTelemetry.NfePurpose, "search")));
        Assert.Equal(0, Last(collector, "diffusionmesh.search.degraded"));

        var scoring = Final(collector, "diffusionmesh.score.duration", (DiffusionMeshTelemetry.Verifier, "brightness"));
        Assert.Equal(("s", true), (scoring.Unit, scoring.Value > 0));
        Assert.InRange(scoring.Count, 1, verifier.Calls.Count);
    }

    [Fact]
    public async Task Search_WithoutAnOptionalVerifier_CountsAsDegraded()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var denoiserHost = await ScriptedServer.StartAsync(new ScriptedDenoiser());
        await using var verifierHost = await ScriptedServer.StartAsync(new ScriptedVerifier());
        await using var lyingHost = await ScriptedServer.StartAsync(new ScriptedVerifier { Change = (response, call, _) => Lie(response, call) });
        await using var mesh = await ExportingMesh.StartAsync(
            collector, denoiserHost.Address, [("brightness", verifierHost.Address), ("liar", lyingHost.Address)]);

        var (search, _) = await mesh.RunAsync(OrchestratorMesh.Spec(
            new VerifierSelection { Name = "brightness" }, new VerifierSelection { Name = "liar", OnFailure = FailurePolicy.Degrade }));

        Assert.NotEmpty(search.Degradations);
        await collector.WaitAsync(all => Last(all, "diffusionmesh.search.degraded") == 1);

        // After the check at creation.
        static Task Lie(ScoreResponse response, int call)
        {
            response.Scores[0].Value = call > 1 ? double.NaN : 0;
            return Task.CompletedTask;
        }
    }

    private static ExportedMetric Final(OtlpCollector collector, string name, params (string Name, string Value)[] attributes) =>
        collector.Metrics.Last(metric => metric.Name == name && attributes.All(attribute => metric.Attributes[attribute.Name].Equals(attribute.Value)));

    private static long Count(OtlpCollector collector, string name) => collector.Metrics.LastOrDefault(metric => metric.Name == name)?.Count ?? 0;

    // NaN if it was never told.
    private static double Last(OtlpCollector collector, string name, params (string Name, string Value)[] attributes) =>
        collector.Metrics.Any(metric => metric.Name == name) ? Final(collector, name, attributes).Value : double.NaN;
}
