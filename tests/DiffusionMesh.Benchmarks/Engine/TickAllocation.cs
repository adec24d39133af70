using DiffusionMesh.Benchmarks.Simulated;

namespace DiffusionMesh.Benchmarks.Engine;

/// <summary>What the engine allocates for a step, over a network that does nothing.</summary>
internal static class TickAllocation
{
    private const int Trajectories = 32;
    private const int FewSteps = 100;
    private const int ManySteps = 1_000;

    /// <summary>Bytes for a step of 32 rows: what more steps of the same trajectories take.</summary>
    public static async Task<double> BytesPerStepAsync(CancellationToken cancellationToken)
    {
        using var model = EmbeddedModel.Load(new SimulatedAccelerator(TimeSpan.Zero, TimeSpan.Zero));
        using var engine = new EngineInProcess(model);
        await BytesAsync(engine, ManySteps, cancellationToken);
        var few = await BytesAsync(engine, FewSteps, cancellationToken);
        var many = await BytesAsync(engine, ManySteps, cancellationToken);
        return (double)(many - few) / (ManySteps - FewSteps);
    }

    private static async Task<long> BytesAsync(EngineInProcess engine, int steps, CancellationToken cancellationToken)
    {
        var requests = EngineRequests.Of(EmbeddedModel.Name, Trajectories, steps).ToArray();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await Task.WhenAll(requests.Select(async request =>
        {
            await foreach (var _ in engine.SampleAsync(request, cancellationToken))
            {
            }
        }));
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
