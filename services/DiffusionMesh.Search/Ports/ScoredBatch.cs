namespace DiffusionMesh.Search.Ports;

/// <summary>What a verifier answered to a call.</summary>
/// <param name="Outcomes">One for each sample, in their order.</param>
public sealed record ScoredBatch(IReadOnlyList<ScoreOutcome> Outcomes)
{
    /// <summary>The weights that scored, where they are others than the search began with.</summary>
    public VerifierReplacement? Replacement { get; init; }
}
