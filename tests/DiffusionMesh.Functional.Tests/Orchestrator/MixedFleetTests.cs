using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Searches over denoisers of several compute classes.</summary>
public sealed class MixedFleetTests
{
    private const int Steps = ScriptedDenoiser.Steps;

    [Fact]
    public async Task Refuse_IsTheDefault_OneClassSamplesAll()
    {
        await using var fleet = await Fleet.StartAsync("memory", "other");

        var search = await fleet.Mesh.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.Equal(ComputeClassPolicy.Refuse, search.Spec.OnOtherComputeClass);
        Assert.Empty(search.Degradations);
        var began = search.Spec.ComputeClass;
        Assert.Equal(12, fleet[began].Answered);
        Assert.Equal(12, fleet.Denoisers.Sum(denoiser => denoiser.Answered));
        Assert.Equal((12 * Steps, 0), (search.Ledger.NfeSearch, search.Ledger.NfeWasted));
    }

    [Fact]
    public async Task Record_AllClassesSample_AndTheResultNamesTheOthers()
    {
        await using var fleet = await Fleet.StartAsync(
            denoisers => Task.WhenAll(denoisers.Select(denoiser => denoiser.Asked)), "memory", "other");
        await fleet.Mesh.ReachAsync(denoisers: 2);
        var spec = OrchestratorMesh.Spec();
        spec.OnOtherComputeClass = ComputeClassPolicy.Record;

        var search = await fleet.Mesh.RunAsync(spec);

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.Equal(ComputeClassPolicy.Record, search.Spec.OnOtherComputeClass);
        Assert.All(fleet.Denoisers, denoiser => Assert.NotEqual(0, denoiser.Answered));
        var began = search.Spec.ComputeClass;
        var other = began == "memory" ? "other" : "memory";
        Assert.Equal([$"Some images were sampled on {other}: the search began with {began}."], search.Degradations);
        Assert.Equal((12 * Steps, 0), (search.Ledger.NfeSearch, search.Ledger.NfeWasted));
    }

    [Fact]
    public async Task Record_ClassThatIsPinnedAndServedNoLonger_IsTheOneThatTheSearchBeganWith()
    {
        await using var fleet = await Fleet.StartAsync("memory");
        var spec = OrchestratorMesh.Spec();
        (spec.OnOtherComputeClass, spec.ComputeClass) = (ComputeClassPolicy.Record, "gone");

        var search = await fleet.Mesh.RunAsync(spec);

        Assert.Equal((SearchState.Succeeded, "gone"), (search.State, search.Spec.ComputeClass));
        Assert.Equal(["Some images were sampled on memory: the search began with gone."], search.Degradations);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("other")]
    public async Task Refuse_ClassThatIsPinned_IsFoundAmongThePods(string pinned)
    {
        await using var fleet = await Fleet.StartAsync("memory", "other");
        var spec = OrchestratorMesh.Spec();
        spec.ComputeClass = pinned;

        for (var i = 0; i < 3; i++)
        {
            var search = await fleet.Mesh.RunAsync(spec);
            Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        }

        Assert.Equal(36, fleet[pinned].Answered);
    }

    [Fact]
    public async Task Refuse_ClassThatNobodyServes_IsRefusedAtCreation()
    {
        await using var fleet = await Fleet.StartAsync("memory", "other");
        var spec = OrchestratorMesh.Spec();
        spec.ComputeClass = "gone";

        var error = await Assert.ThrowsAsync<RpcException>(() => fleet.Mesh.CreateAsync(spec));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("not on the pinned gone", error.Status.Detail, StringComparison.Ordinal);
    }

    private sealed class Fleet(ScriptedDenoiser[] denoisers, OrchestratorMesh mesh) : IAsyncDisposable
    {
        public IReadOnlyList<ScriptedDenoiser> Denoisers => denoisers;

        public OrchestratorMesh Mesh => mesh;

        public ScriptedDenoiser this[string computeClass] => denoisers.Single(denoiser => denoiser.ComputeClass == computeClass);

        public static Task<Fleet> StartAsync(params string[] computeClasses) => StartAsync(_ => Task.CompletedTask, computeClasses);

        /// <param name="before">What each denoiser waits for before it answers.</param>
        public static async Task<Fleet> StartAsync(Func<ScriptedDenoiser[], Task> before, params string[] computeClasses)
        {
            ScriptedDenoiser[] denoisers = [];
            denoisers = Array.ConvertAll(computeClasses, computeClass => new ScriptedDenoiser
            {
                ComputeClass = computeClass,
                BeforeAnswer = (_, call) => before(denoisers).WaitAsync(call.CancellationToken),
            });
            var hosts = await Task.WhenAll(denoisers.Select(denoiser => ScriptedServer.StartAsync(denoiser)));
            var verifier = await ScriptedServer.StartAsync(new ScriptedVerifier());
            var mesh = await OrchestratorMesh.StartAsync(
                new Uri($"static:///{string.Join(',', hosts.Select(host => host.Address.Authority))}"),
                [("brightness", verifier.Address)],
                [],
                [.. hosts, verifier]);
            return new Fleet(denoisers, mesh);
        }

        public ValueTask DisposeAsync() => mesh.DisposeAsync();
    }
}
