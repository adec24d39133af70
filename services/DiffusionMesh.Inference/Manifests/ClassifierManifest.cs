namespace DiffusionMesh.Inference.Manifests;

/// <summary>
/// Manifest of a classifier whose features serve metrics: kind "classifier", component "features" with the outputs
/// "features" [N, D] and "logits" [N, K].
/// </summary>
public sealed record ClassifierManifest : ModelManifest
{
    public const string KindName = "classifier";
    public const string FeaturesComponent = "features";

    public required PreprocessingSpec Preprocessing { get; init; }

    /// <summary>Class names in order of their label.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>What real images look like in the features' space; null if never measured.</summary>
    public ReferencesSpec? References { get; init; }

    /// <summary>Scale of the probability of the right class; null if never measured over real images.</summary>
    public ScaleSpec? Score { get; init; }

    internal override IEnumerable<OtherFile> OtherFiles => References is null
        ? []
        :
        [
            OtherFile.Of("references.statistics", References.Statistics),
            OtherFile.Of("references.features", References.Features),
            OtherFile.Of("references.base", References.Base),
        ];

    internal override void Validate(ManifestProblems problems)
    {
        RequireComponents(problems, FeaturesComponent);
        Preprocessing.Validate(problems);
        ClassNames.Validate(problems, Classes);
        Score?.Validate(problems, "score");
    }
}

/// <summary>Files of reference data, little-endian.</summary>
/// <param name="Statistics">
/// Of real images' features: int64 count, int64 D, float64 mean[D], float64 covariance[D, D], divided by count - 1.
/// </param>
/// <param name="Features">Of some real images: int64 count, int64 D, float32[count, D].</param>
/// <param name="Base">Statistics of unsearched samples, from which a searched set starts; as <paramref name="Statistics"/>.</param>
public sealed record ReferencesSpec(ComponentFile Statistics, ComponentFile Features, ComponentFile Base);
