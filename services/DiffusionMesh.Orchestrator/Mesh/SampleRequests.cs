using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>Writes the segments of a search as the denoiser takes them.</summary>
internal static class SampleRequests
{
    /// <param name="spec">The search; its digest and compute class are pinned.</param>
    /// <param name="steps">The same for all trajectories.</param>
    public static SampleRequest Of(SearchSpec spec, int steps, IEnumerable<(string Id, Segment Segment)> trajectories) => new()
    {
        Model = spec.Model,
        ModelDigest = spec.ModelDigest,
        ComputeClass = spec.ComputeClass,
        Sampler = spec.Sampler,
        Steps = steps,
        Guidance = spec.Guidance,
        Outputs = new SampleOutputs { Image = true },
        Trajectories =
        {
            trajectories.Select(trajectory => new Trajectory
            {
                Id = trajectory.Id,
                Noise = NoiseMapping.ToMessage(trajectory.Segment.Noise),
                Condition = ConditionMapping.ToMessage(spec.Condition),
                NegativeCondition = ConditionMapping.ToMessage(spec.NegativeCondition),
            }),
        },
    };
}
