namespace DiffusionMesh.Search;

/// <summary>What a search does when it meets other weights at a verifier than it began with.</summary>
public enum ReplacementPolicy
{
    /// <summary>The verifier counts as failed: its failure policy says what follows.</summary>
    Refuse,

    /// <summary>The search goes on with the new weights, and the result names them.</summary>
    Record,
}
