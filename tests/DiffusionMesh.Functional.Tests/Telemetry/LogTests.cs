using DiffusionMesh.Contracts.SearchV1;
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lines_AboutAServiceThatEchoesThePrompt_HaveItOnlyIfAskedFor(bool asked)
    {
        const string Prompt = "zanzibar";
        var gate = new AnswerGate();
        var isSilent = false;
        Task ThrowIf(bool isBusy) => isBusy ? throw new RpcException(new Status(StatusCode.Unavailable, $"no time for '{Prompt}'")) : Task.CompletedTask;
        var denoiser = new ScriptedDenoiser { BeforeAnswer = gate.PassAsync };
        var verifier = new ScriptedVerifier
        {
            Describing = _ => ThrowIf(Volatile.Read(ref isSilent)),
            Change = (_, call, _) => ThrowIf(call is 3 or 4),
        };
        await using var collector = await OtlpCollector.StartAsync();
        await using var denoiserHost = await ScriptedServer.StartAsync(denoiser);
        await using var verifierHost = await ScriptedServer.StartAsync(verifier);
        await using var mesh = await ExportingMesh.StartAsync(
            collector,
            denoiserHost.Address,
            [("brightness", verifierHost.Address)],
            "--Orchestrator:ShutdownSeconds=0",
            "--Mesh:CircuitMinimumCalls=2",
            "--Mesh:CircuitFailurePercent=10",
            "--Mesh:CircuitBreakSeconds=1",
            $"--Telemetry:Prompts={asked}");
        var spec = OrchestratorMesh.Spec();
        spec.Condition.Prompt = Prompt;
        var created = (await mesh.Client.CreateSearchAsync(new CreateSearchRequest { Spec = spec })).Search;
        await gate.Reached;
        Volatile.Write(ref isSilent, true);
        await mesh.RestartAsync();
        await collector.WaitAsync(all => Has(all, "waits for its services: verifier 'brightness': Unavailable"));
        Volatile.Write(ref isSilent, false);
        gate.Open();

        var end = await mesh.EndAsync(created.Id);
        await collector.WaitAsync(all => Has(all, "ended: ") && Has(all, "unavailable, attempt 1 failed") && Has(all, "nearly every call failed"));

        Assert.Equal((SearchState.Succeeded, ""), (end.State, end.Error));
        Assert.Equal(asked, collector.Logs.Any(line => $"{line.Message} {string.Join(' ', line.Attributes.Values)}".Contains(Prompt, StringComparison.Ordinal)));
    }

    private static bool Has(OtlpCollector collector, string text) =>
        collector.Logs.Any(line => line.Message.Contains(text, StringComparison.Ordinal));

    private static IEnumerable<ExportedLog> Retries(OtlpCollector collector) =>
        collector.Logs.Where(line => line.Message.Contains("unavailable, attempt 1 failed", StringComparison.Ordinal) && line.Service == "orchestrator");

    private static Task Lose(ref int lost) => Interlocked.Exchange(ref lost, 1) == 0
        ? throw new RpcException(new Status(StatusCode.Unavailable, "going down"))
        : Task.CompletedTask;
}
