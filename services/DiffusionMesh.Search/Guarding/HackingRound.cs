namespace DiffusionMesh.Search.Guarding;

/// <summary>How the searched score and the held-out ones moved. Scores are z-scores, higher is better.</summary>
/// <param name="Round">From 0.</param>
/// <param name="Searched">Mean searched score of the survivors.</param>
/// <param name="HeldOut">Mean held-out score of the survivors, over all held-out verifiers.</param>
/// <param name="Gap"><paramref name="Searched"/> less <paramref name="HeldOut"/>, less what it was in the first round.</param>
/// <param name="Diversity">Mean distance of two survivors, in 0 to 1.</param>
/// <param name="Warning">Since the round before the searched score rose and the held-out one fell.</param>
public sealed record HackingRound(int Round, double Searched, double HeldOut, double Gap, double Diversity, bool Warning);
