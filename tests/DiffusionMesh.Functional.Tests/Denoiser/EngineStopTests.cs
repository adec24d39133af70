using DiffusionMesh.Denoiser;
using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Inference.Models;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace DiffusionMesh.Functional.Tests.Denoiser;

public class EngineStopTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Dispose_EvaluationThatHangs_EndsItAndTellsTheCaller()
    {
        using var network = new HangingNetwork();
        using var model = DiffusionModel.Load(
            ModelFolder.Open(Path.Combine(AppContext.BaseDirectory, "models", "fashion-flow-small")),
            new DiffusionModelOptions { MeasureBatchCurve = false, Network = _ => network });
        network.Hang();
        var engine = new StepEngine(model, new DenoiserOptions(), NullLogger<StepEngine>.Instance);
        var call = EngineBench.Call("c", 1, 2, false, model.Shape, new CallTerms());
        engine.Submit(call);
        await network.Entered.WaitAsync(Limit);

        await Task.Run(engine.Dispose).WaitAsync(Limit);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call.ReadAsync().GetAsyncEnumerator().MoveNextAsync());
        Assert.Equal((StatusCode.Unavailable, "the server is stopping"), (error.StatusCode, error.Status.Detail));
    }

    /// <summary>A network whose evaluations end when they are terminated and not before.</summary>
    private sealed class HangingNetwork : IDenoiserNetwork
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _terminated = new();
        private volatile bool _hangs;

        public Task Entered => _entered.Task;

        public void Hang() => _hangs = true;

        public void Evaluate(NetworkBatch batch)
        {
            for (var row = 0; row < batch.Rows; row++)
            {
                batch.Prediction(row).Clear();
            }

            if (_hangs)
            {
                _entered.SetResult();
                _terminated.Wait();
                throw new InvalidOperationException("terminated");
            }
        }

        public void Terminate() => _terminated.Set();

        public void Dispose() => _terminated.Dispose();
    }
}
