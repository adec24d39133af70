using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;
using DiffusionMesh.Inference.Models;
using SamplingOptions = DiffusionMesh.Diffusion.Samplers.SamplingOptions;

namespace DiffusionMesh.Denoiser.Requests;

/// <summary>What all trajectories of a call share.</summary>
/// <param name="Sampler">Solves the segment.</param>
/// <param name="Grid">Where it stops.</param>
/// <param name="FromNoiseLevel">Where it starts, as the caller wrote it.</param>
/// <param name="Guidance">Which evaluations are guided, and how.</param>
/// <param name="Eta">How much noise the steps draw; null for the sampler's own.</param>
/// <param name="Amed">What was fitted for the model, if it was fitted for such a grid.</param>
internal sealed record Segment(
    Sampler Sampler, TimeGrid Grid, double FromNoiseLevel, Guidance Guidance, double? Eta, AmedParameters? Amed)
{
    /// <summary>Whether a trajectory needs an address for the noise of its steps.</summary>
    public bool DrawsNoise => Sampler.IsStochastic(Eta);
}

/// <summary>Reads what all trajectories of a call share, with the model's defaults for what is left out.</summary>
internal static class SegmentReader
{
    /// <returns>The segment, or null if a violation was added.</returns>
    public static Segment? Read(SampleRequest request, DiffusionModel model, DenoiserOptions limits, FieldViolations violations)
    {
        var before = violations.Count;
        var defaults = model.Manifest.Defaults;

        var name = request.Sampler.Length > 0 ? request.Sampler : defaults.Sampler;
        if (!Sampler.All.TryGet(name, out var sampler))
        {
            violations.Add("sampler", RpcErrors.UnknownName("sampler", name, Sampler.All.Names));
        }

        var options = SamplingOptionsMapping.ToDomain(request.Options, sampler, Schedule.All.Names, "options", violations);
        var steps = request.Steps == 0 ? defaults.Steps : request.Steps;
        violations.Require(steps >= 1 && steps <= limits.MaxSteps, "steps", $"is {steps}; it must lie in 1 to {limits.MaxSteps}, or be 0 for the model's default");

        var guidance = request.HasGuidance ? request.Guidance : defaults.Guidance;
        violations.Require(
            Math.Abs(guidance) <= limits.MaxGuidance, "guidance", $"is {guidance}; it must lie in -{limits.MaxGuidance} to {limits.MaxGuidance}");

        var from = request.HasFromNoiseLevel ? request.FromNoiseLevel : 1;
        var to = request.HasToNoiseLevel ? request.ToNoiseLevel : 0;
        var descends = violations.Require(from is > 0 and <= 1, "from_noise_level", $"is {from}; it must lie above 0 and at most at 1")
            && violations.Require(to >= 0 && to < from, "to_noise_level", $"is {to}; it must lie in 0 to below from_noise_level, {from}");
        if (descends && violations.Count == before)
        {
            CheckCost(request, sampler!.Nfe(steps, to == 0), limits, violations);
        }

        return violations.Count == before ? Plan(model, sampler!, from, to, steps, options, guidance, violations) : null;
    }

    private static void CheckCost(SampleRequest request, int nfe, DenoiserOptions limits, FieldViolations violations) => violations.Require(
        (long)nfe * request.Trajectories.Count <= limits.MaxNfe,
        "trajectories",
        $"would take {(long)nfe * request.Trajectories.Count} evaluations; one call may ask for {limits.MaxNfe}");

    private static Segment? Plan(
        DiffusionModel model, Sampler sampler, double from, double to, int steps, SamplingOptions options, double guidance, FieldViolations violations)
    {
        try
        {
            var schedule = options.Schedule.Length > 0 ? Schedule.All[options.Schedule] : model.Schedule;
            var grid = schedule.Grid(model.Form, from, to, steps, options.ResolutionShift);

            // Parameters belong to the grid that they were fitted on: the model's own schedule, as it is.
            var isFitted = schedule.Name == model.Schedule.Name && options.ResolutionShift == 1;
            return new Segment(sampler, grid, from, options.Guidance(guidance), options.Eta, isFitted ? model.Amed : null);
        }
        catch (ArgumentException e)
        {
            violations.Add("from_noise_level", e.Message);
            return null;
        }
    }
}
