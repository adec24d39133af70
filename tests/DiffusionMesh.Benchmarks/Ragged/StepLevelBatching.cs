using DiffusionMesh.Benchmarks.Engine;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Benchmarks.Ragged;

/// <summary>The engine under a ragged load: each request is a call of its own, ended after the preview half-way if it is given up.</summary>
internal sealed class StepLevelBatching(DiffusionModel model) : IDisposable
{
    private readonly EngineInProcess _engine = new(model);

    public async Task ServeAsync(RaggedRequest request, CancellationToken cancellationToken)
    {
        // Leaving the loop ends the call.
        await foreach (var response in _engine.SampleAsync(MessageOf(request), cancellationToken))
        {
            if (response.Preview is not null)
            {
                return;
            }
        }
    }

    public void Dispose() => _engine.Dispose();

    private SampleRequest MessageOf(RaggedRequest request) => new()
    {
        Model = model.Manifest.Name,
        Sampler = "euler",
        Steps = request.Steps,
        Guidance = 1,
        Outputs = new SampleOutputs { Image = true, PreviewEverySteps = request.IsPruned ? request.UsefulSteps : 0 },
        Trajectories =
        {
            new Trajectory
            {
                Noise = new NoiseExpression { Draw = new NoiseAddress { Seed = 0, Lineage = { (uint)request.Number } } },
                Condition = new Condition { ClassLabel = EmbeddedModel.ClassLabel },
            },
        },
    };
}
