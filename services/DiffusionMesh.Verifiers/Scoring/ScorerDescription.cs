using System.Collections.Immutable;

namespace DiffusionMesh.Verifiers.Scoring;

/// <summary>What a scorer says about itself.</summary>
public sealed record ScorerDescription
{
    /// <summary>The conditions of a scorer that looks at images alone.</summary>
    public static ImmutableArray<ConditionKind> AnyCondition { get; } = [ConditionKind.None, ConditionKind.Prompt, ConditionKind.ClassLabel];

    /// <summary>What clients write to choose it, for example <c>clip</c>.</summary>
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>SHA-256 over everything that determines a score: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public required string WeightsDigest { get; init; }

    /// <summary>Lowest score there is.</summary>
    public required double Minimum { get; init; }

    /// <summary>Highest score there is.</summary>
    public required double Maximum { get; init; }

    /// <summary>Mean score of real images, or null if never measured.</summary>
    public double? RealMean { get; init; }

    /// <summary>Standard deviation of the score over real images, or null if never measured.</summary>
    public double? RealStandardDeviation { get; init; }

    public bool HigherIsBetter { get; init; } = true;

    public required ImmutableArray<ConditionKind> Conditions { get; init; }

    public required ImmutableArray<RequiredImage> Images { get; init; }

    /// <summary>Whether scores depend on what was kept before.</summary>
    public bool NeedsState { get; init; }

    /// <summary>Height, width and channels to which images are brought.</summary>
    public required (int Height, int Width, int Channels) InputShape { get; init; }

    /// <summary>Scores are the same bits within one compute class.</summary>
    public required string ComputeClass { get; init; }

    /// <summary>How a score is computed, in words.</summary>
    public required string Description { get; init; }

    public required string License { get; init; }
}

/// <summary>A kind of condition.</summary>
public enum ConditionKind
{
    None,
    Prompt,
    ClassLabel,
}

/// <summary>An image that every candidate must bring.</summary>
/// <param name="Name">Under which it is expected, for example <c>final</c>.</param>
/// <param name="PredictedAt">
/// Null for the finished sample; for an x-prediction the noise level in (0, 1] at which it should be made.
/// </param>
public sealed record RequiredImage(string Name, double? PredictedAt = null)
{
    /// <summary>The finished sample, as most verifiers ask for it.</summary>
    public static RequiredImage Final { get; } = new("final");

    /// <summary>An x-prediction, as verifiers that need no condition ask for it.</summary>
    public static RequiredImage XPrediction(double noiseLevel) => new("x_prediction", noiseLevel);
}
