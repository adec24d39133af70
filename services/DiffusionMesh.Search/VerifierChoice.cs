namespace DiffusionMesh.Search;

/// <summary>A verifier as a search uses it.</summary>
/// <param name="Name">What the search calls it; unique within the search.</param>
/// <param name="Address">Where it is reached, if it is not one that the service was configured with; else empty.</param>
/// <param name="Weight">Its weight among several verifiers that select, more than 0.</param>
/// <param name="WeightsDigest">Everything that determines a score: "sha256:" and 64 hexadecimal digits.</param>
/// <param name="Version">For people.</param>
/// <param name="ComputeClass">Scores are the same bits within one class.</param>
public sealed record VerifierChoice(
    string Name,
    string Address,
    double Weight,
    string WeightsDigest,
    string Version,
    string ComputeClass)
{
    /// <summary>Where a verifier with state begins; empty for its own beginning.</summary>
    public ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Whether it scores every candidate and never selects: a judge that tells search from hacking.</summary>
    public bool HeldOut { get; init; }

    public FailurePolicy OnFailure { get; init; }

    public ReplacementPolicy OnReplacement { get; init; }
}
