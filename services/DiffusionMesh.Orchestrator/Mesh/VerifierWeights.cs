using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>The weights that a verifier scores with, as it describes them.</summary>
/// <param name="Choice">Of the search, with their digest, version and compute class.</param>
/// <param name="Replacement">Null if the search began with them.</param>
internal sealed record VerifierWeights(VerifierChoice Choice, Verifier Description, VerifierReplacement? Replacement)
{
    /// <summary>The weights that the verifier describes now, for a search that began with these.</summary>
    /// <param name="now">What it says of itself.</param>
    /// <exception cref="CallFailedException">The search cannot go on with them.</exception>
    public VerifierWeights ReplacedBy(Verifier now)
    {
        if (now.WeightsDigest == Choice.WeightsDigest && now.ComputeClass == Choice.ComputeClass)
        {
            return this;
        }

        if (WhyUnusable(now) is { } reason)
        {
            throw new CallFailedException($"{Choice.Name}: was replaced by version {RpcErrors.Shorten(now.Version, 128)}, with which the search cannot go on: {reason}");
        }

        var replacement = new VerifierReplacement(
            Choice.Name, now.WeightsDigest, now.Version, now.ComputeClass, now.Minimum, now.Maximum);
        var choice = Choice with { WeightsDigest = now.WeightsDigest, Version = now.Version, ComputeClass = now.ComputeClass };
        return new VerifierWeights(choice, now, replacement);
    }

    private string? WhyUnusable(Verifier now) => now switch
    {
        _ when DescriptionLimits.Excess(now) is { } excess => excess,
        { WeightsDigest.Length: 0 } => "it names no weights digest",
        _ when !(now.Minimum <= now.Maximum) => $"it declares the range [{now.Minimum}, {now.Maximum}], which holds no score",
        _ when now.HigherIsBetter != Description.HigherIsBetter => "its scores count the other way round",
        _ when now.NeedsState != Description.NeedsState => "only one of the two keeps a state",
        _ when RemoteVerifier.BatchSizeOf(now) < RemoteVerifier.BatchSizeOf(Description) => "it takes fewer images in one call",
        _ when now.Images.Count > Math.Max(1, Description.Images.Count) => "it needs more images",
        _ when now.Images.Any(image => !IsAtHand(image)) => "it needs other images",
        _ => null,
    };

    private bool IsAtHand(ImageRequirement image) => image.Kind switch
    {
        ImageKind.Final => true,
        ImageKind.XPrediction => RemoteVerifier.XPredictionLevelsOf(Description).Contains(image.NoiseLevel),
        _ => false,
    };
}
