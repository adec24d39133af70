namespace DiffusionMesh.Verifiers.Scoring;

/// <summary>A score, or the reason why there is none.</summary>
public abstract record ScoreOutcome
{
    /// <param name="Score">In the range that the scorer declares.</param>
    /// <param name="State">The state that follows if the candidate is kept; empty for scorers without state.</param>
    public sealed record Value(double Score, ReadOnlyMemory<byte> State = default) : ScoreOutcome;

    /// <param name="Reason">Stable, upper snake case.</param>
    /// <param name="Message">For people.</param>
    public sealed record Error(string Reason, string Message) : ScoreOutcome;
}
