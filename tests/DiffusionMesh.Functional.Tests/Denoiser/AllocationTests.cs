using DiffusionMesh.Denoiser;
using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Inference.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace DiffusionMesh.Functional.Tests.Denoiser;

[Collection("denoiser")]
public class AllocationTests
{
    private const int Ticks = 300;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(1, false)]
    [InlineData(40, true)]
    [InlineData(2000, false)]
    public async Task Tick_NobodyJoinsOrFinishes_AllocatesNothing(int trajectories, bool guided)
    {
        var network = new CountingNetwork();
        using var model = DiffusionModel.Load(
            ModelFolder.Open(Path.Combine(AppContext.BaseDirectory, "models", "fashion-flow-small")),
            new DiffusionModelOptions { MeasureBatchCurve = false, Network = _ => network });
        network.Start();
        using var engine = new StepEngine(model, new DenoiserOptions(), NullLogger<StepEngine>.Instance);

        foreach (var key in new[] { "search", "search", "", "" })
        {
            engine.Submit(EngineBench.Call("c", (trajectories / 4) + 1, 2 * Ticks, guided, model.Shape, new CallTerms { FairnessKey = key }));
        }

        await network.Enough.WaitAsync(Limit);
        Assert.InRange(network.TicksThatAllocated, 0, Ticks / 10);
    }

    /// <summary>Predicts zeros and counts what the engine's thread allocates from one evaluation to the next.</summary>
    private sealed class CountingNetwork : IDenoiserNetwork
    {
        private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _before;
        private int _ticks;

        public Task Enough => _enough.Task;

        public int TicksThatAllocated { get; private set; }

        public void Start() => (_before, _ticks, TicksThatAllocated) = (long.MaxValue, 0, 0);

        public void Evaluate(NetworkBatch batch)
        {
            var now = GC.GetAllocatedBytesForCurrentThread();
            if (_ticks++ < Ticks)
            {
                TicksThatAllocated += now > _before ? 1 : 0;
            }
            else
            {
                _enough.TrySetResult();
            }

            for (var row = 0; row < batch.Rows; row++)
            {
                batch.Prediction(row).Clear();
            }

            _before = GC.GetAllocatedBytesForCurrentThread();
        }

        public void Dispose()
        {
        }
    }
}
