namespace DiffusionMesh.Search;

/// <summary>The weights that a verifier went on with, where they are others than the search began with.</summary>
/// <param name="Verifier">What the search calls the verifier.</param>
/// <param name="WeightsDigest">Everything that determines a score: "sha256:" and 64 hexadecimal digits.</param>
/// <param name="Version">For people.</param>
/// <param name="ComputeClass">Scores are the same bits within one class.</param>
/// <param name="Minimum">Least score that they can give.</param>
/// <param name="Maximum">Greatest score that they can give.</param>
public sealed record VerifierReplacement(
    string Verifier,
    string WeightsDigest,
    string Version,
    string ComputeClass,
    double Minimum,
    double Maximum);
