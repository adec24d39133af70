using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.TensorV1;

namespace DiffusionMesh.Benchmarks.Engine;

/// <summary>What the engine is asked for where the bare loop runs beside it: the same trajectories, in calls as the orchestrator makes them.</summary>
internal static class EngineRequests
{
    private const int TrajectoriesPerCall = 8;

    public static IEnumerable<SampleRequest> Of(string model, int trajectories, int steps) => Enumerable.Range(0, trajectories)
        .Chunk(TrajectoriesPerCall)
        .Select(part => new SampleRequest
        {
            Model = model,
            Sampler = "euler",
            Steps = steps,
            Guidance = 1,
            Outputs = new SampleOutputs { Image = true },
            Trajectories =
            {
                part.Select(number => new Trajectory
                {
                    Id = $"{number}",
                    Noise = new NoiseExpression { Draw = new NoiseAddress { Seed = 0, Lineage = { (uint)number } } },
                    Condition = new Condition { ClassLabel = EmbeddedModel.ClassLabel },
                }),
            },
        });
}
