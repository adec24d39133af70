using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cli.Searching;

/// <summary>A verifier that a user asks for.</summary>
/// <param name="Name">What the search calls it.</param>
/// <param name="Address">Where it is; empty if the services know it by its name.</param>
/// <param name="Weight">Its weight among several; null to leave that to the services.</param>
/// <param name="HeldOut">Whether it only judges.</param>
internal sealed record VerifierArgument(string Name, string Address = "", double? Weight = null, bool HeldOut = false)
{
    /// <param name="onFailure">What follows if it fails.</param>
    /// <param name="onReplacement">What follows if it is replaced while the search runs.</param>
    public VerifierSelection ToSelection(FailurePolicy onFailure, ReplacementPolicy onReplacement) => new()
    {
        Name = Name,
        Address = Address,
        Weight = Weight ?? 0,
        HeldOut = HeldOut,
        OnFailure = onFailure,
        OnReplacement = onReplacement,
    };
}
