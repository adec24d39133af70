using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Searches over several pods of which one is not what it should be.</summary>
public sealed class BalancedSearchTests
{
    private const int Steps = ScriptedDenoiser.Steps;

    public static TheoryData<string, bool> Faults => new()
    {
        { "digest", true },
        { "class", true },
        { "internal", true },
        { "refuses", false },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task OneOfTwoDenoisers_IsOfNoUse_TheOtherDoesItsWork(string fault, bool wastes)
    {
        await using var whole = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), new ScriptedVerifier());
        var bad = Faulty(fault);
        var good = new ScriptedDenoiser { BeforeAnswer = (_, context) => bad.Asked.WaitAsync(context.CancellationToken) };

        var expected = await whole.RunAsync(OrchestratorMesh.Spec());
        var search = await RunAsync([bad, good], [new ScriptedVerifier()]);

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.Equal(expected.Candidates, search.Candidates);
        Assert.Equal(expected.Best, search.Best);
        Assert.Equal(12 * Steps, search.Ledger.NfeSearch);
        Assert.Equal(wastes, search.Ledger.NfeWasted > 0);
        Assert.NotEmpty(bad.Requests);
    }

    [Theory]
    [InlineData("digest", "denoiser: sampled with sha256:other on memory, not with sha256:noise on memory")]
    [InlineData("class", "denoiser: sampled with sha256:noise on other, not with sha256:noise on memory")]
    public async Task OnlyDenoiser_HasOtherWeightsOrArithmetic_FailsTheSearch(string fault, string error)
    {
        await using var mesh = await OrchestratorMesh.StartAsync(Faulty(fault), new ScriptedVerifier());

        var search = await mesh.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal((SearchState.Failed, error), (search.State, search.Error));
        Assert.Equal((0, 4 * Steps), (search.Ledger.NfeSearch, search.Ledger.NfeWasted));
    }

    [Fact]
    public async Task OneOfTwoDenoisers_Dies_NothingThatWasAnsweredIsLost()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dying = new ScriptedDenoiser
        {
            BeforeAnswer = (_, context) =>
            {
                reached.TrySetResult();
                return Task.Delay(Timeout.Infinite, context.CancellationToken);
            },
        };
        var first = await ScriptedServer.StartAsync(dying);
        await using var second = await ScriptedServer.StartAsync(
            new ScriptedDenoiser { BeforeAnswer = (_, context) => reached.Task.WaitAsync(context.CancellationToken) });
        await using var verifier = await ScriptedServer.StartAsync(new ScriptedVerifier());
        await using var mesh = await OrchestratorMesh.StartAsync(List(first, second), [("brightness", verifier.Address)], []);
        var spec = OrchestratorMesh.Spec();
        spec.Parameters["round_size"] = "12";
        await mesh.ReachAsync(denoisers: 2);

        var search = await mesh.CreateAsync(spec);
        await reached.Task;
        await first.App.StopAsync(new CancellationToken(canceled: true));
        var end = (await mesh.WatchAsync(search.Id))[^1].SearchFinished;
        await first.DisposeAsync();

        Assert.Equal((SearchState.Succeeded, ""), (end.State, end.Error));
        Assert.Equal(12 * Steps, end.Ledger.NfeSearch);
    }

    [Theory]
    [InlineData("digest")]
    [InlineData("class")]
    [InlineData("internal")]
    [InlineData("late")]
    public async Task OneOfTwoVerifiers_IsOfNoUse_TheOtherScoresForIt(string fault)
    {
        var bad = new ScriptedVerifier
        {
            Change = (response, _, _) =>
            {
                switch (fault)
                {
                    case "digest":
                        response.WeightsDigest = "sha256:other";
                        return Task.CompletedTask;
                    case "class":
                        response.ComputeClass = "other";
                        return Task.CompletedTask;
                    case "late":
                        throw new RpcException(new Status(StatusCode.DeadlineExceeded, ""));
                    default:
                        throw new RpcException(new Status(StatusCode.Internal, "broken"));
                }
            },
        };

        var search = await RunAsync([new ScriptedDenoiser()], [bad, new ScriptedVerifier()]);

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.All(search.Candidates, candidate => Assert.Equal(CandidateState.Scored, candidate.State));
        Assert.Empty(search.Degradations);
    }

    [Theory]
    [InlineData(ReplacementPolicy.Refuse, SearchState.Failed)]
    [InlineData(ReplacementPolicy.Record, SearchState.Succeeded)]
    public async Task OnlyVerifier_ComputesOnAnotherClassThanBefore_IsRefusedOrRecorded(ReplacementPolicy policy, SearchState state)
    {
        // It is as it was when it describes itself and is checked at creation.
        var now = "memory";
        var verifier = new ScriptedVerifier
        {
            Describing = description => description.ComputeClass = now,
            Change = (response, call, _) =>
            {
                now = call > 1 ? "other" : now;
                response.ComputeClass = now;
                return Task.CompletedTask;
            },
        };
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), verifier);

        var search = await mesh.RunAsync(OrchestratorMesh.Spec(
            new VerifierSelection { Name = "brightness", OnReplacement = policy }));

        Assert.Equal(state, search.State);
        Assert.Equal(
            policy == ReplacementPolicy.Record ? ["'brightness' computes on other since: the search began with memory."] : Array.Empty<string>(),
            search.Degradations);
    }

    private static ScriptedDenoiser Faulty(string fault) => new()
    {
        BeforeAnswer = (_, _) => fault switch
        {
            "internal" => throw new RpcException(new Status(StatusCode.Internal, "broken")),
            "refuses" => throw new RpcException(new Status(StatusCode.FailedPrecondition, "other weights")),
            _ => Task.CompletedTask,
        },
        Change = result =>
        {
            result.ModelDigest = fault == "digest" ? "sha256:other" : ScriptedDenoiser.Digest;
            result.ComputeClass = fault == "class" ? "other" : "memory";
        },
    };

    private static async Task<SearchMessage> RunAsync(ScriptedDenoiser[] denoisers, ScriptedVerifier[] verifiers)
    {
        var denoiserHosts = await Task.WhenAll(denoisers.Select(denoiser => ScriptedServer.StartAsync(denoiser)));
        var verifierHosts = await Task.WhenAll(verifiers.Select(verifier => ScriptedServer.StartAsync(verifier)));
        await using var mesh = await OrchestratorMesh.StartAsync(
            List(denoiserHosts), [("brightness", List(verifierHosts))], [], [.. denoiserHosts, .. verifierHosts]);
        await mesh.ReachAsync(denoisers.Length, verifiers.Length);
        return await mesh.RunAsync(OrchestratorMesh.Spec());
    }

    private static Uri List(params RunningHost[] hosts) => new($"static:///{string.Join(',', hosts.Select(host => host.Address.Authority))}");
}
