namespace DiffusionMesh.Search;

/// <summary>What a search does when a verifier does not score a candidate, whatever was tried.</summary>
public enum FailurePolicy
{
    /// <summary>
    /// The candidate takes no part in the choice. A verifier that is held out has no part in the choice either: the
    /// candidate stays, and the result says what was not judged.
    /// </summary>
    Exclude,

    /// <summary>The candidate is judged by the other verifiers, and the result says so.</summary>
    Degrade,

    /// <summary>The search ends with an error after the round. The best so far is kept.</summary>
    Fail,
}
