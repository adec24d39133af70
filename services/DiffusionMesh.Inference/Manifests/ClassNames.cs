namespace DiffusionMesh.Inference.Manifests;

internal static class ClassNames
{
    public static void Validate(ManifestProblems problems, IReadOnlyList<string> classes) => problems.Require(
        classes.Count > 0 && classes.Distinct(StringComparer.Ordinal).Count() == classes.Count && !classes.Any(string.IsNullOrWhiteSpace),
        "classes",
        "must be names, each once");
}
