using DiffusionMesh.Contracts.VerifierV1;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>
/// How much a verifier may say of itself: it is kept with each search that uses it, and each image that it asks for is sent
/// with each candidate.
/// </summary>
internal static class DescriptionLimits
{
    private const int MaxElements = 16;
    private const int MaxName = 256;
    private const int MaxText = 4096;

    /// <summary>What there is too much of, with how much there may be; null if there is not.</summary>
    public static string? Excess(Verifier verifier) => verifier switch
    {
        { Images.Count: > MaxElements } => $"it needs {verifier.Images.Count} images; at most {MaxElements} are sent",
        { ConditionKinds.Count: > MaxElements } or { InputShape.Count: > MaxElements } => $"it lists more than {MaxElements} kinds of conditions, or dimensions",
        _ when verifier.Images.Select(image => image.Name).Distinct().Count() < verifier.Images.Count => "it needs two images of one name",
        _ when Names(verifier).Any(name => name.Length > MaxName) => $"a name, version, digest or compute class of it has more than {MaxName} characters",
        { Description.Length: > MaxText } or { License.Length: > MaxText } => $"its description or license has more than {MaxText} characters",
        _ => null,
    };

    private static IEnumerable<string> Names(Verifier verifier) =>
        verifier.Images.Select(image => image.Name).Concat([verifier.Name, verifier.Version, verifier.WeightsDigest, verifier.ComputeClass]);
}
