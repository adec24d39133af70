using DiffusionMesh.Cli.Searching;

namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>Reads how the paths of an experiment are followed.</summary>
internal static class SamplingReader
{
    public static SamplingArguments Read(YamlValue? value)
    {
        if (value?.Fields("eta", "schedule", "resolution_shift", "guidance_rescale", "guidance_interval") is not { } fields)
        {
            return new SamplingArguments();
        }

        return new SamplingArguments
        {
            Eta = fields["eta"]?.Number(0, 1),
            Schedule = fields["schedule"]?.Text() ?? "",
            ResolutionShift = fields["resolution_shift"]?.Number(.01, 100),
            GuidanceRescale = fields["guidance_rescale"]?.Number(0, 1),
            GuidanceInterval = Interval(fields["guidance_interval"]),
        };
    }

    private static (double From, double To)? Interval(YamlValue? value)
    {
        if (value is null)
        {
            return null;
        }

        if (value.Numbers(0, 1) is [var from, var to] && to <= from)
        {
            return (from, to);
        }

        value.Refuse("must be two noise levels, the noisier first, for example [0.8, 0.2]");
        return null;
    }
}
