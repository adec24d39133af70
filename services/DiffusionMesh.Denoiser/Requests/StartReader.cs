using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Inference.Models;
using StartCase = DiffusionMesh.Contracts.DenoiserV1.Trajectory.StartOneofCase;
using TrajectoryMessage = DiffusionMesh.Contracts.DenoiserV1.Trajectory;

namespace DiffusionMesh.Denoiser.Requests;

/// <summary>Reads where trajectories start.</summary>
internal sealed class StartReader(DiffusionModel model, LatentReader latents, double fromNoiseLevel, int maxRotations)
{
    private int _rotations;

    /// <summary>Checks a start. The state is made later: noise is not drawn for a request that will be refused.</summary>
    /// <returns>What makes the state, or null if a violation was added.</returns>
    public Func<Latent>? Read(TrajectoryMessage trajectory, string field, FieldViolations violations)
    {
        switch (trajectory.StartCase)
        {
            case StartCase.Noise:
                return ReadNoise(trajectory, field + ".noise", violations);

            case StartCase.Latent:
                return latents.Read(trajectory.Latent, field + ".latent", violations) is { } latent ? () => latent : null;

            case StartCase.Renoise:
                return ReadRenoise(trajectory.Renoise, field + ".renoise", violations);

            default:
                violations.Add(field + ".start", "is required; give noise, latent or renoise");
                return null;
        }
    }

    private Func<Latent>? ReadNoise(TrajectoryMessage trajectory, string field, FieldViolations violations)
    {
        if (NoiseMapping.ToDomain(trajectory.Noise, field, violations) is not { } noise)
        {
            return null;
        }

        return AddRotations(noise, field, violations) ? () => Draw(noise) : null;
    }

    private bool AddRotations(NoiseExpression noise, string field, FieldViolations violations)
    {
        _rotations += noise.Rotations;
        return violations.Require(
            _rotations <= maxRotations, field + ".rotations", $"brings the rotations of this call above {maxRotations}, the most that are accepted");
    }

    private Latent Draw(NoiseExpression noise)
    {
        var values = new float[model.Shape.Elements];
        noise.Fill(values);
        var sigma = model.Form.At(model.Form.TimeOf(fromNoiseLevel)).Sigma;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(sigma * values[i]);
        }

        return new Latent(values, model.Shape);
    }

    private Func<Latent>? ReadRenoise(Contracts.DenoiserV1.Renoise renoise, string field, FieldViolations violations)
    {
        var latent = latents.Read(renoise.Latent, field + ".latent", violations);
        var draw = NoiseMapping.ToDomain(renoise, field, violations);
        var level = renoise.NoiseLevel;
        var descends = violations.Require(
            level >= 0 && level <= fromNoiseLevel, field + ".noise_level", $"is {level}; it must lie in 0 to from_noise_level, {fromNoiseLevel}");
        if (latent is null || draw is null || !AddRotations(draw, field, violations) || !descends)
        {
            return null;
        }

        return () =>
        {
            var noise = new float[latent.Values.Length];
            draw.Fill(noise);
            Renoising.Apply(PointOf(level), PointOf(fromNoiseLevel), latent.Values, noise);
            return latent;
        };
    }

    // Data itself may lie at infinite time, where the form cannot be asked.
    private Diffusion.Forms.PathPoint PointOf(double level) =>
        level == 0 ? new(0, 1, 0, 0, 0) : model.Form.At(model.Form.TimeOf(level));
}
