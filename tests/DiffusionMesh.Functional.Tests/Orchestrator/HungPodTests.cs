using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Functional.Tests.Telemetry;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Real processes that hang: their connections stay open, the system accepts new ones for them, nothing answers.</summary>
public sealed class HungPodTests
{
    [SignalFact]
    public async Task OneOfTwoDenoisers_HangsInMidSearch_TheOtherDoesItsWork()
    {
        await using var first = await HostProcess.StartAsync("DiffusionMesh.Denoiser", collector: "", "--Denoiser:Threads=1");
        await using var second = await HostProcess.StartAsync("DiffusionMesh.Denoiser", collector: "", "--Denoiser:Threads=1");
        var (scores, open) = (int.MaxValue, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var verifier = await ScriptedServer.StartAsync(new ScriptedVerifier
        {
            Change = (_, _, context) => Interlocked.Decrement(ref scores) >= 0 ? Task.CompletedTask : open.Task.WaitAsync(context.CancellationToken),
        });
        await using var mesh = await OrchestratorMesh.StartAsync(
            new Uri($"static:///{first.Address.Authority},{second.Address.Authority}"),
            [("brightness", verifier.Address)],
            ["--Orchestrator:RetryDelayMilliseconds=50", "--Orchestrator:TrajectoriesPerCall=1"]);
        await mesh.ReachAsync(denoisers: 2);
        var expected = await mesh.RunAsync(Spec());

        // But for the check at creation no score comes before the one hangs: three rounds of four are still to be sampled.
        Volatile.Write(ref scores, 1);
        var search = await mesh.CreateAsync(Spec());
        await mesh.WatchUntilAsync(search.Id, happened => happened.RoundStarted is not null);
        await second.HangAsync();
        open.SetResult();
        var end = (await mesh.WatchAsync(search.Id))[^1].SearchFinished;
        await second.GoOnAsync();

        Assert.Equal((SearchState.Succeeded, ""), (end.State, end.Error));
        Assert.Equal(expected.Candidates, end.Candidates);
        Assert.Equal(expected.Best, end.Best);
        Assert.Equal(expected.Ledger.NfeSearch, end.Ledger.NfeSearch);
        Assert.True(end.Ledger.NfeWasted > 0, "nothing was asked of the pod that hangs");
    }

    private static SearchSpec Spec() => new()
    {
        Model = "fashion-flow-small",
        Condition = new Condition { ClassLabel = 8 },
        Algorithm = "random",
        Parameters = { ["round_size"] = "8" },
        Seed = 3,
        Steps = 20,
        BudgetNfe = 32 * 20,
        Verifiers = { new VerifierSelection { Name = "brightness" } },
    };
}
