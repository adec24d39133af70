using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Denoiser.Models;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Diffusion.Samplers;
using NoiseAddress = DiffusionMesh.Diffusion.Noise.NoiseAddress;
using Trajectory = DiffusionMesh.Denoiser.Engine.Trajectory;

namespace DiffusionMesh.Denoiser.Requests;

/// <summary>Reads a request to sample: checks everything, then makes the trajectories.</summary>
internal static class SampleRequestReader
{
    private const int MaxIdLength = 128;
    private const long BytesPerMebibyte = 1 << 20;

    // A client learns nothing more from the thousandth violation.
    private const int MaxViolations = 32;

    /// <returns>What makes the trajectories; nothing was drawn, embedded or evaluated yet.</returns>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with all that is wrong.</exception>
    public static Func<IReadOnlyList<Trajectory>> Read(SampleRequest request, ServedModel served, DenoiserOptions limits)
    {
        var violations = new FieldViolations();
        CheckCounts(request, limits, violations);
        CheckKept(request, served.Model.Shape.Elements, limits, violations);
        violations.ThrowIfAny();
        CheckOutputs(request.Outputs, limits, violations);

        var segment = SegmentReader.Read(request, served.Model, limits, violations);
        var conditions = new ConditionReader(served);
        var from = segment?.FromNoiseLevel ?? 1;
        var starts = new StartReader(served.Model, new LatentReader(served.Model, limits.MaxPixels), from, limits.MaxRotations);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var read = new List<(string Id, Func<Latent>? Start, NoiseAddress? Noise, Condition? Condition, Condition? Negative)>();
        for (var i = 0; i < request.Trajectories.Count && violations.Count < MaxViolations; i++)
        {
            var (trajectory, field) = (request.Trajectories[i], $"trajectories[{i}]");
            violations.Require(trajectory.Id.Length <= MaxIdLength, field + ".id", $"has {trajectory.Id.Length} characters; at most {MaxIdLength} are accepted");
            violations.Require(ids.Add(trajectory.Id), field + ".id", $"is '{trajectory.Id}', like another's; identifiers must be unique within the call");
            read.Add((
                trajectory.Id,
                starts.Read(trajectory, field, violations),
                segment is { DrawsNoise: true } ? SamplerNoiseReader.Read(trajectory, segment.Sampler.Name, field, violations) : null,
                conditions.Read(trajectory.Condition, field + ".condition", violations),
                conditions.Read(trajectory.NegativeCondition, field + ".negative_condition", violations)));
        }

        violations.ThrowIfAny();
        return () => [.. read.Select(each => Make(each.Id, each.Start!(), each.Noise, each.Condition, each.Negative))];

        Trajectory Make(string id, Latent start, NoiseAddress? noise, Condition? condition, Condition? negative)
        {
            // Guidance away from the condition itself would change nothing: such a trajectory takes one row a step.
            var guided = segment!.Guidance.IsActive && condition != negative;
            return new Trajectory(
                id,
                segment.Sampler.Start(new SamplerStart(segment.Grid, served.Model.Prediction, start.Values)
                {
                    Eta = segment.Eta,
                    Noise = noise,
                    Amed = segment.Amed,
                }),
                start.Shape,
                conditions.Embed(condition),
                guided ? conditions.Embed(negative) : null,
                segment.Guidance,
                new XPredictionNotes([.. request.Outputs?.XPredictionNoiseLevels ?? []], KeepsLast(request.Outputs, segment.Grid.EndsAtData)),
                segment.Sampler.Nfe(segment.Grid.Steps, segment.Grid.EndsAtData));
        }
    }

    /// <summary>Bytes of the x-predictions that a request has kept until its trajectories are finished.</summary>
    public static long KeptBytes(SampleRequest request, int elements) =>
        request.Trajectories.Sum(trajectory => (trajectory.Latent ?? trajectory.Renoise?.Latent)?.Data.Length ?? (long)elements * sizeof(float))
        * (request.Outputs?.XPredictionNoiseLevels.Count ?? 0);

    private static bool KeepsLast(SampleOutputs? outputs, bool endsAtData) => outputs is { Image: true } && !endsAtData;

    private static void CheckCounts(SampleRequest request, DenoiserOptions limits, FieldViolations violations)
    {
        var (trajectories, levels) = (request.Trajectories.Count, request.Outputs?.XPredictionNoiseLevels.Count ?? 0);
        violations.Require(
            trajectories >= 1 && trajectories <= limits.MaxTrajectories, "trajectories", $"has {trajectories} elements; send 1 to {limits.MaxTrajectories}");
        violations.Require(
            levels <= limits.MaxXPredictions, "outputs.x_prediction_noise_levels", $"has {levels} elements; at most {limits.MaxXPredictions} are accepted");
    }

    // By the bytes that were sent: what is wrong with a latent is said where it is read.
    private static void CheckKept(SampleRequest request, int elements, DenoiserOptions limits, FieldViolations violations)
    {
        var (kept, most) = (KeptBytes(request, elements), limits.MaxXPredictionMebibytes * BytesPerMebibyte);
        violations.Require(
            kept <= most,
            "outputs.x_prediction_noise_levels",
            $"would have {kept} bytes of predictions kept; one call may have {most}: send fewer trajectories or ask for fewer levels");
    }

    private static void CheckOutputs(SampleOutputs? outputs, DenoiserOptions limits, FieldViolations violations)
    {
        if (outputs is null)
        {
            return;
        }

        for (var i = 0; i < outputs.XPredictionNoiseLevels.Count; i++)
        {
            var level = outputs.XPredictionNoiseLevels[i];
            violations.Require(level is >= 0 and <= 1, $"outputs.x_prediction_noise_levels[{i}]", $"is {level}; it must lie in 0 to 1");
        }

        violations.Require(
            outputs.PreviewEverySteps >= 0 && outputs.PreviewEverySteps <= limits.MaxSteps,
            "outputs.preview_every_steps",
            $"is {outputs.PreviewEverySteps}; it must lie in 0 (none) to {limits.MaxSteps}");
    }
}
