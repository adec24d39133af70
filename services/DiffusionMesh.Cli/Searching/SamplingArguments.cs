using DiffusionMesh.Contracts.DenoiserV1;

namespace DiffusionMesh.Cli.Searching;

/// <summary>How paths are followed, beside sampler, steps and guidance; null is the services' default.</summary>
internal sealed record SamplingArguments
{
    public double? Eta { get; init; }

    public string Schedule { get; init; } = "";

    public double? ResolutionShift { get; init; }

    public double? GuidanceRescale { get; init; }

    /// <summary>Noise levels between which guidance acts, the noisier first.</summary>
    public (double From, double To)? GuidanceInterval { get; init; }

    /// <summary>Null if nothing is asked for.</summary>
    public SamplingOptions? ToMessage()
    {
        if (this == new SamplingArguments())
        {
            return null;
        }

        var message = new SamplingOptions { Schedule = Schedule };
        if (Eta is { } eta)
        {
            message.Eta = eta;
        }

        if (ResolutionShift is { } shift)
        {
            message.ResolutionShift = shift;
        }

        if (GuidanceRescale is { } rescale)
        {
            message.GuidanceRescale = rescale;
        }

        if (GuidanceInterval is var (from, to))
        {
            (message.GuidanceFromNoiseLevel, message.GuidanceToNoiseLevel) = (from, to);
        }

        return message;
    }
}
