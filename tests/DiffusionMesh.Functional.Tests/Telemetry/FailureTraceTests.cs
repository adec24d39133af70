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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Trace_OfAVerifierThatEchoesThePrompt_HasItOnlyIfAskedFor(bool asked)
    {
        const string Prompt = "zanzibar";
        var verifier = new ScriptedVerifier
        {
            Change = (_, call, _) => call > 1 ? throw new RpcException(new Status(StatusCode.FailedPrecondition, $"cannot judge '{Prompt}'")) : Task.CompletedTask,
        };
        var spec = OrchestratorMesh.Spec();
        spec.Condition.Prompt = Prompt;

        var (search, spans) = await RunAsync(new ScriptedDenoiser(), verifier, spec, $"--Telemetry:Prompts={asked}");

        Assert.Contains(Prompt, search.ToString(), StringComparison.Ordinal);
        Assert.Equal(asked ? Prompt : null, Assert.Single(spans["search"])[DiffusionMeshTelemetry.Prompt]);
        string[] told = [.. new[] { "search", "round", "candidate", "verdict", "score" }.SelectMany(name => spans[name]).Select(span => $"{span.Error} {string.Join(' ', span.Attributes.Values)}")];
        Assert.Equal(asked, told.Any(text => text.Contains(Prompt, StringComparison.Ordinal)));
        Assert.Equal(asked, !told.Any(text => text.Contains("cannot judge '[prompt]'", StringComparison.Ordinal)));
    }

    private static async Task<(Contracts.SearchV1.Search Search, SearchSpans Spans)> RunAsync(
        ScriptedDenoiser denoiser, ScriptedVerifier verifier, SearchSpec? spec = null, params string[] settings)
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var denoiserHost = await ScriptedServer.StartAsync(denoiser);
        await using var verifierHost = await ScriptedServer.StartAsync(verifier);
        await using var mesh = await ExportingMesh.StartAsync(collector, denoiserHost.Address, [("brightness", verifierHost.Address)], settings);
        return await mesh.RunAsync(spec ?? OrchestratorMesh.Spec());
    }
}
