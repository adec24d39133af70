using DiffusionMesh.Diffusion.Samplers;
using Message = DiffusionMesh.Contracts.DenoiserV1.SamplingOptions;

namespace DiffusionMesh.Contracts;

/// <summary>Maps options of sampling to messages and back.</summary>
public static class SamplingOptionsMapping
{
    private const double MinShift = .01;
    private const double MaxShift = 100;

    /// <summary>Reads options; what is out of range is a violation.</summary>
    /// <param name="message">Null means that nothing is set.</param>
    /// <param name="sampler">The sampler that follows the path; null if it is not known.</param>
    /// <param name="schedules">Names that the caller may choose.</param>
    public static SamplingOptions ToDomain(
        Message? message, Sampler? sampler, IReadOnlyCollection<string> schedules, string field, FieldViolations violations)
    {
        var defaults = new SamplingOptions();
        if (message is null)
        {
            return defaults;
        }

        var options = new SamplingOptions
        {
            Eta = message.HasEta ? message.Eta : null,
            Schedule = message.Schedule,
            ResolutionShift = message.HasResolutionShift ? message.ResolutionShift : defaults.ResolutionShift,
            GuidanceRescale = message.HasGuidanceRescale ? message.GuidanceRescale : defaults.GuidanceRescale,
            GuidanceFromNoiseLevel = message.HasGuidanceFromNoiseLevel ? message.GuidanceFromNoiseLevel : defaults.GuidanceFromNoiseLevel,
            GuidanceToNoiseLevel = message.HasGuidanceToNoiseLevel ? message.GuidanceToNoiseLevel : defaults.GuidanceToNoiseLevel,
        };
        CheckEta(options.Eta, sampler, field + ".eta", violations);
        violations.Require(
            options.Schedule.Length == 0 || schedules.Contains(options.Schedule),
            field + ".schedule",
            RpcErrors.UnknownName("schedule", options.Schedule, schedules));
        violations.Require(
            options.ResolutionShift is >= MinShift and <= MaxShift,
            field + ".resolution_shift",
            FormattableString.Invariant($"is {options.ResolutionShift}; it must lie in {MinShift} to {MaxShift}: the side of the image over the trained one"));
        violations.Require(
            options.GuidanceRescale is >= 0 and <= 1, field + ".guidance_rescale", FormattableString.Invariant($"is {options.GuidanceRescale}; it must lie in 0 to 1"));
        if (violations.Require(
            options.GuidanceFromNoiseLevel is >= 0 and <= 1,
            field + ".guidance_from_noise_level",
            FormattableString.Invariant($"is {options.GuidanceFromNoiseLevel}; it must lie in 0 to 1")))
        {
            violations.Require(
                options.GuidanceToNoiseLevel >= 0 && options.GuidanceToNoiseLevel <= options.GuidanceFromNoiseLevel,
                field + ".guidance_to_noise_level",
                FormattableString.Invariant($"is {options.GuidanceToNoiseLevel}; it must lie in 0 to guidance_from_noise_level, {options.GuidanceFromNoiseLevel}"));
        }

        return options;
    }

    /// <summary>Writes options, those at their defaults included.</summary>
    public static Message ToMessage(SamplingOptions options)
    {
        var message = new Message
        {
            Schedule = options.Schedule,
            ResolutionShift = options.ResolutionShift,
            GuidanceRescale = options.GuidanceRescale,
            GuidanceFromNoiseLevel = options.GuidanceFromNoiseLevel,
            GuidanceToNoiseLevel = options.GuidanceToNoiseLevel,
        };
        if (options.Eta is { } eta)
        {
            message.Eta = eta;
        }

        return message;
    }

    private static void CheckEta(double? eta, Sampler? sampler, string field, FieldViolations violations)
    {
        if (eta is null || !violations.Require(eta is >= 0 and <= 1, field, FormattableString.Invariant($"is {eta}; it must lie in 0 to 1")))
        {
            return;
        }

        violations.Require(
            sampler is null or { DefaultEta: not null },
            field,
            $"cannot be followed: the steps of sampler '{sampler?.Name}' draw no noise; leave it out, or take one of {string.Join(", ", Sampler.All.Names.Where(name => Sampler.All[name].DefaultEta is not null))}");
    }
}
