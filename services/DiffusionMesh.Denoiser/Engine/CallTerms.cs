namespace DiffusionMesh.Denoiser.Engine;

/// <summary>How a call is served.</summary>
internal sealed record CallTerms
{
    public Lane Lane { get; init; } = Lane.Normal;

    /// <summary>Calls with the same key take one turn together; empty: the call has turns of its own.</summary>
    public string FairnessKey { get; init; } = "";

    /// <summary>Send a preview every so many steps; 0 means none.</summary>
    public int PreviewEverySteps { get; init; }

    /// <summary>Say once a second how much time is left.</summary>
    public bool TimeLeft { get; init; }
}
