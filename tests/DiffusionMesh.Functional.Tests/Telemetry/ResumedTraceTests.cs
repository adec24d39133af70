using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Functional.Tests.Orchestrator;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>A search has one trace, whatever becomes of the orchestrator that runs it.</summary>
public sealed class ResumedTraceTests
{
    private const int Steps = ScriptedDenoiser.Steps;

    [Fact]
    public async Task Trace_AfterAKill_TellsInItsLastRunWhatTheLedgerSays()
    {
        var (search, journal, spans) = await RunAsync(mesh => mesh.KillAsync(), runs: 1);

        var last = spans.Run(epoch: 2);
        Assert.True(Recalled(last, "search") >= 4 * Steps, "the first round was paid");
        Assert.Equal(
            (search.Ledger.NfeSearch, search.Ledger.NfeFinal),
            (last.Nfe("search") + Recalled(last, "search"), last.Nfe("final") + Recalled(last, "final")));
        Assert.InRange(spans.Nfe("search"), last.Nfe("search") + (4 * Steps), search.Ledger.NfeSearch);

        // What was under way when it was killed.
        Assert.True(search.Ledger.NfeWasted > 0);
        Assert.Equal((search.Ledger.NfeWasted, search.Ledger.NfeWasted), (last.Nfe("wasted"), journal.Wasted));
        Assert.Equal(search.Ledger.NfeSearch + search.Ledger.NfeFinal, journal.Paid);
    }

    [Fact]
    public async Task Trace_AfterAGracefulStop_AddsUpToTheLedgerOverBothRuns()
    {
        var (search, journal, spans) = await RunAsync(mesh => mesh.RestartAsync(), runs: 2);

        spans.AssertAddUpTo(search.Ledger);
        Assert.Equal((search.Ledger.NfeSearch + search.Ledger.NfeFinal, search.Ledger.NfeWasted), journal);
        var last = spans.Run(epoch: 2);
        Assert.Equal(search.Ledger.NfeSearch, last.Nfe("search") + Recalled(last, "search"));
        Assert.Equal(spans.Run(epoch: 1).Nfe("search"), Recalled(last, "search"));
    }

    private static long Recalled(SearchSpans spans, string purpose) => spans.Nfe(purpose, DiffusionMeshTelemetry.NfeRecalled);

    // The orchestrator goes in the second round, while the denoiser holds an answer back.
    private static async Task<(Contracts.SearchV1.Search Search, (long Paid, long Wasted) Journal, SearchSpans Spans)> RunAsync(
        Func<ExportingMesh, Task> go, int runs)
    {
        var gate = new AnswerGate();
        var denoiser = new ScriptedDenoiser { BeforeAnswer = gate.PassAsync };
        await using var collector = await OtlpCollector.StartAsync();
        await using var denoiserHost = await ScriptedServer.StartAsync(denoiser);
        await using var verifierHost = await ScriptedServer.StartAsync(new ScriptedVerifier());
        await using var mesh = await ExportingMesh.StartAsync(
            collector, denoiserHost.Address, [("brightness", verifierHost.Address)], "--Orchestrator:ShutdownSeconds=0");
        var created = (await mesh.Client.CreateSearchAsync(new CreateSearchRequest { Spec = OrchestratorMesh.Spec() })).Search;
        await gate.Reached;
        await collector.WaitAsync(all => all.Spans.Count(span => span.Name == "segment") >= 4);
        await go(mesh);
        gate.Open();

        var search = await mesh.EndAsync(created.Id);
        var spans = await SearchSpans.OfAsync(collector, created.Id, runs);
        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        return (search, mesh.JournalOf(created.Id), spans);
    }
}
