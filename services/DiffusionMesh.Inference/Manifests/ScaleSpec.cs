namespace DiffusionMesh.Inference.Manifests;

/// <summary>The scale of a score.</summary>
/// <param name="Range">[lowest, highest] score.</param>
/// <param name="RealMean">Mean over real images, if measured.</param>
/// <param name="RealStandardDeviation">Standard deviation over real images, if measured.</param>
public sealed record ScaleSpec(IReadOnlyList<double> Range, double? RealMean = null, double? RealStandardDeviation = null)
{
    internal void Validate(ManifestProblems problems, string field)
    {
        problems.Require(
            Range is [var low, var high] && low < high && double.IsFinite(high - low),
            field + ".range",
            "must be two numbers, the lower first");
        ValidateReal(problems, field, RealMean, RealStandardDeviation);
    }

    internal static void ValidateReal(ManifestProblems problems, string field, double? mean, double? deviation) => problems.Require(
        (mean is null) == (deviation is null) && deviation is null or > 0 && double.IsFinite(mean ?? 0),
        field + ".real_standard_deviation",
        "must be above 0 and given together with real_mean");
}
