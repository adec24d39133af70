using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;
using Google.Protobuf;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>Writes the segments of a search as the denoiser takes them.</summary>
internal static class SampleRequests
{
    /// <param name="spec">The search; its digest is pinned, and its compute class if others are refused.</param>
    /// <param name="turns">Where the search stands among others.</param>
    /// <param name="stretch">A segment between the same levels, of the same steps, as all the trajectories.</param>
    public static SampleRequest Of(SearchSpec spec, DenoiserTurns turns, Segment stretch, IEnumerable<(string Id, Segment Segment)> trajectories) => new()
    {
        Model = spec.Model,
        ModelDigest = spec.ModelDigest,
        ComputeClass = spec.OnOtherComputeClass == ComputeClassPolicy.Refuse ? spec.ComputeClass : "",
        Sampler = spec.Sampler,
        Steps = stretch.Steps,
        FromNoiseLevel = stretch.FromLevel,
        ToNoiseLevel = stretch.ToLevel,
        Guidance = spec.Guidance,
        Options = SamplingOptionsMapping.ToMessage(spec.Sampling),
        Priority = turns.Priority,
        FairnessKey = turns.FairnessKey,
        Outputs = new SampleOutputs
        {
            Image = true,
            Latent = stretch.ToLevel > 0,
            XPredictionNoiseLevels = { stretch.XPredictionLevels },
            XPredictionImages = stretch.XPredictionLevels.Length > 0,
        },
        Trajectories =
        {
            trajectories.Select(trajectory => Begin(trajectory.Segment.Origin, new Trajectory
            {
                Id = trajectory.Id,
                SamplerNoise = trajectory.Segment.SamplerNoise is { } noise ? NoiseMapping.ToMessage(noise) : null,
                Condition = ConditionMapping.ToMessage(spec.Condition),
                NegativeCondition = ConditionMapping.ToMessage(spec.NegativeCondition),
            })),
        },
    };

    private static Trajectory Begin(SegmentOrigin origin, Trajectory trajectory)
    {
        switch (origin)
        {
            case SegmentOrigin.Noise(var expression):
                trajectory.Noise = NoiseMapping.ToMessage(expression);
                break;

            case SegmentOrigin.State(_, var state, _, null):
                trajectory.Latent = Latent(state);
                break;

            case SegmentOrigin.State(_, var state, var level, var draw):
                var noise = NoiseMapping.ToMessage(draw);
                trajectory.Renoise = new Renoise
                {
                    Latent = Latent(state),
                    NoiseLevel = level,
                    Draw = noise.Draw,
                    Rotations = { noise.Rotations },
                };
                break;

            default:
                throw new ArgumentOutOfRangeException(nameof(origin), origin, "not an origin");
        }

        return trajectory;
    }

    private static Tensor Latent(LatentState state) => new()
    {
        DataType = DataType.Fp32,
        Shape = { state.Channels, state.Height, state.Width },
        Data = UnsafeByteOperations.UnsafeWrap(state.Data),
    };
}
