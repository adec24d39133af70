namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>How a path is followed, beside sampler, steps and guidance weight.</summary>
public sealed record SamplingOptions
{
    /// <summary>η in [0, 1]; null for a sampler that has none, or for its own.</summary>
    public double? Eta { get; init; }

    /// <summary>Name of a schedule; empty for the model's.</summary>
    public string Schedule { get; init; } = "";

    /// <summary>See <see cref="Schedules.Schedule.Grid"/>; 1 shifts nothing.</summary>
    public double ResolutionShift { get; init; } = 1;

    /// <inheritdoc cref="Guidance.Rescale"/>
    public double GuidanceRescale { get; init; }

    /// <inheritdoc cref="Guidance.FromNoiseLevel"/>
    public double GuidanceFromNoiseLevel { get; init; } = 1;

    /// <inheritdoc cref="Guidance.ToNoiseLevel"/>
    public double GuidanceToNoiseLevel { get; init; }

    /// <summary>The guidance of this weight.</summary>
    public Guidance Guidance(double weight) => new(weight, GuidanceRescale, GuidanceFromNoiseLevel, GuidanceToNoiseLevel);
}
