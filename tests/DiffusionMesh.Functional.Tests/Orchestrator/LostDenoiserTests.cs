using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

public sealed class LostDenoiserTests
{
    private const int Steps = ScriptedDenoiser.Steps;

    [Fact]
    public async Task Denoiser_ThatBreaksOffOnce_IsAskedForTheRestAndTheLossIsReported()
    {
        var failures = 0;
        var denoiser = new ScriptedDenoiser
        {
            BeforeAnswer = (answered, _) => answered == 6 && Interlocked.Increment(ref failures) == 1
                ? throw new RpcException(new Status(StatusCode.Unavailable, "going down"))
                : Task.CompletedTask,
        };
        await using var whole = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), new ScriptedVerifier());
        await using var mesh = await OrchestratorMesh.StartAsync(denoiser, new ScriptedVerifier());

        var expected = await whole.RunAsync(OrchestratorMesh.Spec());
        var search = await mesh.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal(SearchState.Succeeded, search.State);
        Assert.Equal(expected.Candidates, search.Candidates);
        Assert.Equal(expected.Best, search.Best);
        Assert.Equal((12 * Steps, 2 * Steps), (search.Ledger.NfeSearch, search.Ledger.NfeWasted));
        Assert.Equal(14 * Steps, search.Ledger.NfeTotal);
        Assert.Equal(12, denoiser.Answered);
    }

    [Fact]
    public async Task Denoiser_WithoutRoom_IsAskedAgainAndNothingIsLost()
    {
        var calls = 0;
        var denoiser = new ScriptedDenoiser
        {
            BeforeAnswer = (_, _) => Interlocked.Increment(ref calls) == 1
                ? throw RpcErrors.ResourceExhausted("the queue is full", TimeSpan.FromMilliseconds(2))
                : Task.CompletedTask,
        };
        await using var mesh = await OrchestratorMesh.StartAsync(denoiser, new ScriptedVerifier());

        var search = await mesh.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal((SearchState.Succeeded, 0L), (search.State, search.Ledger.NfeWasted));
    }

    [Fact]
    public async Task Denoiser_ThatBreaksOffAgainAndAgain_FailsTheSearchAtTheCapOfWaste()
    {
        var denoiser = new ScriptedDenoiser
        {
            BeforeAnswer = (answered, _) => answered >= 6 ? throw new RpcException(new Status(StatusCode.Unavailable, "going down")) : Task.CompletedTask,
        };
        await using var mesh = await OrchestratorMesh.StartAsync(
            denoiser, new ScriptedVerifier(), "--Orchestrator:RetryAttempts=100", "--Orchestrator:MaxWastedPercent=50");

        var search = await mesh.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal(SearchState.Failed, search.State);
        Assert.Equal("40 NFE were lost with failed calls, more than the 30 allowed", search.Error);
        Assert.Equal(6 * Steps, search.Ledger.NfeSearch);
        Assert.True(search.Ledger.NfeWasted >= 8 * Steps, "what was lost while the search ended counts as well");
        Assert.Single(search.Best);
    }

    [Theory]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Cancelled)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.ResourceExhausted)]
    public async Task Denoiser_ThatFailsOtherwise_IsNotAskedAgain(StatusCode code)
    {
        var denoiser = new ScriptedDenoiser
        {
            BeforeAnswer = (answered, _) => answered == 6 ? throw new RpcException(new Status(code, "no")) : Task.CompletedTask,
        };
        await using var mesh = await OrchestratorMesh.StartAsync(denoiser, new ScriptedVerifier());

        var search = await mesh.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal((SearchState.Failed, StopReason.Error), (search.State, search.StopReason));
        Assert.StartsWith("denoiser: ", search.Error, StringComparison.Ordinal);
        Assert.Equal(2, denoiser.Requests.Count);
        Assert.Equal(6 * Steps, search.Ledger.NfeSearch);
        Assert.Equal(code == StatusCode.FailedPrecondition ? 0 : 2 * Steps, search.Ledger.NfeWasted);
    }

    [Theory]
    [InlineData("nfe", "the denoiser reports 6 NFE for a segment that costs 5")]
    [InlineData("id", "denoiser: answered trajectory 'x', which is not open")]
    [InlineData("image", "denoiser: image")]
    public async Task Denoiser_ThatAnswersNonsense_FailsTheSearch(string nonsense, string error)
    {
        var denoiser = new ScriptedDenoiser
        {
            Change = result =>
            {
                switch (nonsense)
                {
                    case "nfe":
                        result.Nfe++;
                        break;
                    case "id":
                        result.TrajectoryId = "x";
                        break;
                    default:
                        result.Image.Shape[0] = 5;
                        break;
                }
            },
        };
        await using var mesh = await OrchestratorMesh.StartAsync(denoiser, new ScriptedVerifier());

        var search = await mesh.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal(SearchState.Failed, search.State);
        Assert.StartsWith(error, search.Error, StringComparison.Ordinal);
        Assert.InRange(search.Ledger.NfeTotal, 4 * Steps, 4 * (Steps + 1));
    }

    [Fact]
    public async Task Denoiser_ThatVanishesAndComesBack_LosesNothingThatWasAnswered()
    {
        var denoiser = new ScriptedDenoiser
        {
            BeforeAnswer = (answered, context) =>
                answered < 6 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, context.CancellationToken),
        };
        var first = await ScriptedServer.StartAsync(denoiser, "--urls", OwnLoopback.Next());
        await using var verifier = await ScriptedServer.StartAsync(new ScriptedVerifier());
        await using var mesh = await OrchestratorMesh.StartAsync(
            first.Address,
            [("brightness", verifier.Address)],
            ["--Orchestrator:RetryDelayMilliseconds=100", "--Orchestrator:RetryAttempts=100"]);

        var search = await mesh.CreateAsync(OrchestratorMesh.Spec());
        await mesh.WaitForCandidatesAsync(search.Id, 6);
        await first.App.StopAsync(new CancellationToken(canceled: true));
        await first.DisposeAsync();
        await using var second = await ScriptedServer.StartAsync(new ScriptedDenoiser(), "--urls", first.Address.ToString());
        var end = (await mesh.WatchAsync(search.Id))[^1].SearchFinished;

        Assert.Equal((SearchState.Succeeded, ""), (end.State, end.Error));
        Assert.Equal(12 * Steps, end.Ledger.NfeSearch);
        Assert.Equal(2 * Steps, end.Ledger.NfeWasted);
        Assert.Equal(6, denoiser.Answered);
    }

    [Fact]
    public async Task Denoiser_BehindADnsName_IsFound()
    {
        await using var denoiser = await ScriptedServer.StartAsync(new ScriptedDenoiser());
        await using var verifier = await ScriptedServer.StartAsync(new ScriptedVerifier());
        await using var mesh = await OrchestratorMesh.StartAsync(
            new Uri($"dns:///localhost:{denoiser.Address.Port}"),
            [("brightness", new Uri($"dns:///localhost:{verifier.Address.Port}"))],
            []);

        var search = await mesh.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
    }
}
