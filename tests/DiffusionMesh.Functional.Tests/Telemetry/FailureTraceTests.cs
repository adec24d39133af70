using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Functional.Tests.Orchestrator;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>What fails is in the trace, and the sums hold.</summary>
public sealed class FailureTraceTests
{
    private const int Steps = ScriptedDenoiser.Steps;

    [Fact]
    public async Task Trace_OfALostCall_HasWhatWasWasted()
    {
        var broken = 0;
        var denoiser = new ScriptedDenoiser
        {
            BeforeAnswer = (answered, _) => answered == 6 && Interlocked.Exchange(ref broken, 1) == 0
                ? throw new RpcException(new Status(StatusCode.Unavailable, "going down"))
                : Task.CompletedTask,
        };

        var (search, spans) = await RunAsync(denoiser, new ScriptedVerifier());

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.Equal((12 * Steps, 2 * Steps), (search.Ledger.NfeSearch, search.Ledger.NfeWasted));
        Assert.Equal(1, spans["sample"].Count(span => span.IsError));
        var wasted = Assert.Single(spans["segment"], span => span[DiffusionMeshTelemetry.NfePurpose] == "wasted");
        Assert.Contains(wasted.Parent, spans["round"].Select(round => round.Id));
    }

    [Fact]
    public async Task Trace_OfAVerifierThatFails_HasItsReasonAndTheSumsHold()
    {
        var verifier = new ScriptedVerifier { Scoring = brightness => brightness > 0.55 ? double.NaN : brightness };

        var (search, spans) = await RunAsync(new ScriptedDenoiser(), verifier);

        var unscored = search.Candidates.Where(candidate => candidate.State == CandidateState.Unscored).Select(candidate => candidate.Id).ToArray();
        Assert.NotEmpty(unscored);
        Assert.Equal(
            unscored.Order(),
            spans["candidate"].Where(span => span[DiffusionMeshTelemetry.PrunedBecause] is not null).Select(span => span[DiffusionMeshTelemetry.Candidate]!).Order());
        Assert.Equal(unscored.Length, spans["verdict"].Count(span => span.IsError));
    }

    [Fact]
    public async Task Trace_OfASearchThatFails_HasWhatWasPaidUntilThen()
    {
        var denoiser = new ScriptedDenoiser
        {
            BeforeAnswer = (answered, _) => answered >= 6 ? throw new RpcException(new Status(StatusCode.Internal, "no")) : Task.CompletedTask,
        };

        var (search, spans) = await RunAsync(denoiser, new ScriptedVerifier());

        Assert.Equal(SearchState.Failed, search.State);
        Assert.Equal(6 * Steps, search.Ledger.NfeSearch);
        Assert.True(Assert.Single(spans["search"]).IsError);
    }

    private static async Task<(Contracts.SearchV1.Search Search, SearchSpans Spans)> RunAsync(ScriptedDenoiser denoiser, ScriptedVerifier verifier)
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var denoiserHost = await ScriptedServer.StartAsync(denoiser);
        await using var verifierHost = await ScriptedServer.StartAsync(verifier);
        await using var mesh = await ExportingMesh.StartAsync(collector, denoiserHost.Address, [("brightness", verifierHost.Address)]);
        return await mesh.RunAsync(OrchestratorMesh.Spec());
    }
}
