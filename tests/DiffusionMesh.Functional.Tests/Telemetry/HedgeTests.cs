using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Functional.Tests.Orchestrator;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>Searches over three denoisers of which one stops answering, though its connection is well.</summary>
public sealed class HedgeTests
{
    private const int Steps = ScriptedDenoiser.Steps;
    private const int Candidates = 48;

    [Fact]
    public async Task OneOfThreeDenoisers_StopsAnswering_ItsCallsAreMadeElsewhereAndCountAsWasted()
    {
        await using var whole = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), new ScriptedVerifier());
        var expected = await whole.RunAsync(Spec());
        var stuck = 0;
        var isStuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedDenoiser Well() => new() { BeforeAnswer = (_, context) => isStuck.Task.WaitAsync(context.CancellationToken) };
        ScriptedDenoiser[] denoisers =
        [
            Well(),
            Well(),
            new()
            {
                BeforeAnswer = (answered, context) =>
                {
                    if (answered < 4)
                    {
                        return Task.CompletedTask;
                    }

                    Interlocked.Increment(ref stuck);
                    isStuck.TrySetResult();
                    return Task.Delay(Timeout.Infinite, context.CancellationToken);
                },
            },
        ];

        var (search, spans) = await RunAsync(denoisers, IsTold, "--Mesh:HedgeMinimumCalls=4", "--Mesh:HedgePercent=100");

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.Equal(expected.Candidates, search.Candidates);
        Assert.Equal(expected.Best, search.Best);
        Assert.Equal(expected.Ledger.NfeSearch, search.Ledger.NfeSearch);

        // A call that is cancelled at once may never come to a denoiser; it counts all the same.
        var calls = spans["sample"].Count();
        Assert.Equal((calls - Candidates) * Steps, search.Ledger.NfeWasted);
        Assert.InRange(search.Ledger.NfeWasted, stuck * Steps, Candidates * Steps);
    }

    [Fact]
    public async Task OneOfThreeDenoisers_IsSlow_NothingIsMadeElsewhereThatTheAllowanceDoesNotCover()
    {
        // What the slow pod has goes on once everything was asked for.
        var open = new TaskCompletionSource();
        var arrived = 0;
        void Arrive()
        {
            if (Interlocked.Increment(ref arrived) == Candidates)
            {
                open.TrySetResult();
            }
        }

        ScriptedDenoiser Denoiser(Func<int, Task> before) => new()
        {
            BeforeAnswer = (answered, context) =>
            {
                Arrive();
                return before(answered).WaitAsync(context.CancellationToken);
            },
        };
        ScriptedDenoiser[] denoisers =
        [
            Denoiser(_ => Task.CompletedTask), Denoiser(_ => Task.CompletedTask), Denoiser(answered => answered < 4 ? Task.CompletedTask : open.Task),
        ];

        // 2 % of the budget are less than a call costs.
        var (search, _) = await RunAsync(denoisers, _ => true, "--Mesh:HedgeMinimumCalls=4", "--Mesh:HedgePercent=2");

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.Equal(0, search.Ledger.NfeWasted);
        Assert.Equal(Candidates, denoisers.Sum(denoiser => denoiser.Requests.Count));
    }

    // Over a real orchestrator that exports: spans, ledger and journal are compared.
    private static async Task<(Contracts.SearchV1.Search Search, SearchSpans Spans)> RunAsync(
        ScriptedDenoiser[] denoisers, Func<OtlpCollector, bool> isTold, params IEnumerable<string> arguments)
    {
        await using var collector = await OtlpCollector.StartAsync();
        var hosts = await Task.WhenAll(denoisers.Select(denoiser => ScriptedServer.StartAsync(denoiser)));
        await using var verifier = await ScriptedServer.StartAsync(new ScriptedVerifier());
        await using var mesh = await ExportingMesh.StartAsync(
            collector,
            new Uri($"static:///{string.Join(',', hosts.Select(host => host.Address.Authority))}"),
            [("brightness", verifier.Address)],
            ["--Orchestrator:TrajectoriesPerCall=1", .. arguments]);
        await mesh.Client.DescribeMeshAsync(new DescribeMeshRequest());
        await collector.WaitAsync(all => IsTold(all, DiffusionMeshTelemetry.MeshPods, value => value == denoisers.Length));
        var run = await mesh.RunAsync(Spec());
        await collector.WaitAsync(isTold);
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }

        return run;
    }

    private static bool IsTold(OtlpCollector collector) =>
        IsTold(collector, DiffusionMeshTelemetry.MeshHedges, value => value > 0)
        && IsTold(collector, DiffusionMeshTelemetry.MeshPods, value => value == 3)
        && IsTold(collector, DiffusionMeshTelemetry.MeshCircuit, value => value == 0);

    private static bool IsTold(OtlpCollector collector, string metric, Func<double, bool> isIt) => collector.Metrics.Any(
        exported => exported.Name == metric && Equals(exported.Attributes.GetValueOrDefault(DiffusionMeshTelemetry.Dependency), "denoiser") && isIt(exported.Value));

    private static SearchSpec Spec()
    {
        var spec = OrchestratorMesh.Spec();
        spec.BudgetNfe = Candidates * Steps;
        spec.Parameters["round_size"] = "48";
        return spec;
    }
}
