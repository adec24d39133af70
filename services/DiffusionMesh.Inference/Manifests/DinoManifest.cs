namespace DiffusionMesh.Inference.Manifests;

/// <summary>
/// Manifest of an image encoder trained without labels, and a linear head on its frozen embedding: kind "dino", component
/// "encoder" with the outputs "embedding" [N, D] and "logits" [N, K].
/// </summary>
public sealed record DinoManifest : ModelManifest
{
    public const string KindName = "dino";
    public const string EncoderComponent = "encoder";

    public required PreprocessingSpec Preprocessing { get; init; }

    /// <summary>Class names in order of their label.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Scale of the logit of the right class.</summary>
    public required ScaleSpec Score { get; init; }

    /// <summary>How x-predictions and samples compare in the embedding's space; null if nothing is special.</summary>
    public SelfSupervisedSpec? SelfSupervised { get; init; }

    internal override void Validate(ManifestProblems problems)
    {
        RequireComponents(problems, EncoderComponent);
        Preprocessing.Validate(problems);
        ClassNames.Validate(problems, Classes);
        Score.Validate(problems, "score");
        SelfSupervised?.Validate(problems);
    }
}

/// <summary>Comparison of an x-prediction with the finished sample.</summary>
/// <param name="NoiseLevel">Linear-flow time of the x-prediction, in (0, 1).</param>
/// <param name="RealMean">Mean cosine over samples that start from real images, if measured.</param>
/// <param name="RealStandardDeviation">Its standard deviation, if measured.</param>
public sealed record SelfSupervisedSpec(
    double NoiseLevel = SelfSupervisedSpec.DefaultNoiseLevel,
    double? RealMean = null,
    double? RealStandardDeviation = null)
{
    public const double DefaultNoiseLevel = 0.4;

    internal void Validate(ManifestProblems problems)
    {
        problems.Require(NoiseLevel is > 0 and < 1, "self_supervised.noise_level", "must lie between 0 and 1, both excluded");
        ScaleSpec.ValidateReal(problems, "self_supervised", RealMean, RealStandardDeviation);
    }
}
