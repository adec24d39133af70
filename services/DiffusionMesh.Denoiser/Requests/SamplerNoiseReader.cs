using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion.Noise;
using TrajectoryMessage = DiffusionMesh.Contracts.DenoiserV1.Trajectory;

namespace DiffusionMesh.Denoiser.Requests;

/// <summary>Reads where the steps of a stochastic sampler take their noise from.</summary>
internal static class SamplerNoiseReader
{
    /// <returns>The address, or null if a violation was added.</returns>
    public static NoiseAddress? Read(TrajectoryMessage trajectory, string sampler, string field, FieldViolations violations)
    {
        // What is wrong with a start is said where it is read.
        var unheard = new FieldViolations();
        switch (trajectory)
        {
            case { SamplerNoise: { } address }:
                return NoiseMapping.ToDomain(address, field + ".sampler_noise", violations);

            case { StartCase: TrajectoryMessage.StartOneofCase.Noise }:
                return NoiseMapping.ToDomain(trajectory.Noise, field, unheard)?.Origin;

            case { StartCase: TrajectoryMessage.StartOneofCase.Renoise }:
                return NoiseMapping.ToDomain(trajectory.Renoise, field, unheard)?.Origin;

            case { StartCase: TrajectoryMessage.StartOneofCase.Latent }:
                violations.Add(
                    field + ".sampler_noise",
                    $"is required: the steps of sampler '{sampler}' draw noise, and a latent brings no address for it; give one, or set options.eta to 0");
                return null;

            default:
                return null;
        }
    }
}
