namespace DiffusionMesh.Search;

/// <summary>What a search does when it meets a denoiser of another compute class than it began with.</summary>
public enum ComputeClassPolicy
{
    /// <summary>Only denoisers of that class sample for it.</summary>
    Refuse,

    /// <summary>Denoisers of every class sample for it, and the result names the others.</summary>
    Record,
}
